package io.linchpin.http.torture.s3;

/**
 * What one answer to a read shows, part by part, before anybody asks whether the parts belong together.
 *
 * @param found whether there is such a key
 * @param metadata the upload that the metadata (or a tag) names; {@link #NOT_SHOWN}, or {@link Content#FOREIGN}
 * @param body the upload whose body it is; or as above
 * @param etag without quotes; empty where none is shown
 * @param size in bytes; {@link #NOT_SHOWN} where none is shown
 * @param words of a body that is no one upload's
 */
public record Seen(boolean found, int metadata, int body, String etag, long size, String words) {
    public static final int NOT_SHOWN = -1;
    public static final Seen NOTHING = new Seen(false, NOT_SHOWN, NOT_SHOWN, "", NOT_SHOWN, "");
}
