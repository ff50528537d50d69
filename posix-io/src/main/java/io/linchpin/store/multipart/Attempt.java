package io.linchpin.store.multipart;

import io.linchpin.store.value.UploadId;

/**
 * One try to complete an upload.
 *
 * @param mutation the id under which its mutation goes to the key's owner, and the name of its staged pair: a fresh one for
 *     each try, for a mutation that was refused is never judged again under its id
 * @param listDigest of the list of parts that it is to be made of
 */
public record Attempt(UploadId mutation, String listDigest) {}
