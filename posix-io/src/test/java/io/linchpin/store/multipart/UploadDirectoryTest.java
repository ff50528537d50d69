package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadDirectoryTest {
    @TempDir
    Path dir;

    /** An ingress that hears nothing asks again, and both questions may wait until a session begins. */
    @Test
    void aPartAskedForTwiceInOneBatchIsCommittedOnceAndFoundTwice() throws Exception {
        byte[] bytes = "sixteen bytes ..".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
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
