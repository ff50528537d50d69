package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnerIdTest {
    private static final ObjectId OBJECT = new ObjectId(new BucketName("photos"), new ObjectKey("2024/ä.jpg"));

    @Test
    void everyKindReadsBackFromItsEntityId() {
        List<OwnerId> ids = List.of(
                OwnerId.of(OBJECT),
                OwnerId.of(new BucketName("my.bucket-1")),
                OwnerId.of(UploadId.of(1, 2)),
                OwnerId.ofShard(63));
        for (OwnerId id : ids) {
            assertEquals(Optional.of(id), OwnerId.parse(id.entityId()));
        }
        assertEquals(
                List.of(OwnerKind.OBJECT, OwnerKind.BUCKET, OwnerKind.MULTIPART, OwnerKind.SHARD),
                ids.stream().map(OwnerId::kind).toList());
    }

    /** The store's life depends on this: written out from the format's description, not from the code. */
    @Test
    void theShardIsTheFirst64BitsOfSha256ModuloTheNumberOfShards() throws Exception {
        for (int shards : new int[] {1, 7, 64, 4096}) {
            assertEquals(byHand("photos/2024/ä.jpg", shards), OwnerId.of(OBJECT).shard(shards));
            assertEquals(
                    byHand("photos", shards),
                    OwnerId.of(new BucketName("photos")).shard(shards));
            UploadId upload = UploadId.of(-1, 5);
            assertEquals(byHand(upload.hex(), shards), OwnerId.of(upload).shard(shards));
        }
    }

    private static int byHand(String text, int shards) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, Arrays.copyOf(hash, 8))
                .mod(BigInteger.valueOf(shards))
                .intValue();
    }

    @Test
    void aShardsAgentLivesInItsShard() {
        for (int shard = 0; shard < 64; shard++) {
            assertEquals(shard, OwnerId.ofShard(shard).shard(64));
        }
        assertThrows(IllegalArgumentException.class, () -> OwnerId.ofShard(64).shard(64));
    }

    @Test
    void whatIsNoOwnerIsRefused() {
        for (String text : List.of(
                "", "o-", "x-1", "s-", "s-01", "s--1", "s-99999", "b-A", "b-..", "o-12", "u-12", "o", "photos",
                "oo-1")) {
            assertTrue(OwnerId.parse(text).isEmpty(), text);
        }
    }
}
