package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadDirectoryTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One that fits no slot has files of its own, which go when it is replaced. */
    @Test
    void aPartThatIsReplacedWhileItIsListedIsFoundAsItIsThen() throws Exception {
        try (Uploads uploads = new Uploads(dir, new Random(2))) {
            uploads.put(1, bytes("sixteen bytes .."));
            PartRecord old = uploads.put(2, bytes("seventeen bytes ..".substring(1)));
            uploads.beforeOpening(path -> {
                if (path.contains(old.partId().hex())) {
                    uploads.beforeOpening(_ -> {});
                    uploads.put(2, bytes("another seventeen"));
                }
            });
            try (UploadDirectory upload = uploads.open()) {
                List<PartRecord> page = upload.parts(0, 10);
                assertEquals(2, page.size());
                assertNotEquals(old.partId(), page.get(1).partId());
            }
        }
    }

    @TempDir
    Path dir;

    /** An ingress that hears nothing asks again, and both questions may wait until a session begins. */
    @Test
    void aPartAskedForTwiceInOneBatchIsCommittedOnceAndFoundTwice() throws Exception {
        byte[] bytes = bytes("sixteen bytes ..");
        try (Uploads uploads = new Uploads(dir, new Random(1));
                PartFile part = uploads.openPart(1, bytes.length)) {
            part.write(ByteBuffer.wrap(bytes));
            UploadDirectory.Prepared prepared = part.prepare(Uploads.md5(bytes), Uploads.crc(bytes), Uploads.NOW);
            try (UploadDirectory upload = uploads.open()) {
                List<Optional<PartRecord>> records = upload.commit(List.of(prepared, prepared));
                assertEquals(prepared.partId(), records.get(0).orElseThrow().partId());
                assertEquals(records.get(0), records.get(1));
                assertEquals(1, upload.parts().size());
            }
        }
    }
}
