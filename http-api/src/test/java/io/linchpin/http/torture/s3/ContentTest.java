package io.linchpin.http.torture.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContentTest {
    @Test
    void aBodyTellsItsUpload() {
        for (int upload = 1; upload < 60; upload++) {
            Content content = new Content(3, upload);
            byte[] body = content.body();
            assertEquals(content.size(), body.length);
            assertEquals(upload, Content.partsOf(3, body).number());
            assertEquals(upload, Content.uploadOf(3, content.name()));
            assertEquals(Content.FOREIGN, Content.uploadOf(4, content.name()));
            assertNotEquals(content.size(), new Content(3, upload + 1).size());
        }
    }

    @Test
    void aMixtureIsNoUploadsAndSaysWhose() {
        byte[] mixed = new Content(3, 4).body();
        byte[] other = new Content(3, 5).body();
        System.arraycopy(other, 64, mixed, 64, 128);
        Content.Parts parts = Content.partsOf(3, mixed);
        assertEquals(Content.FOREIGN, parts.number());
        assertTrue(parts.words().contains("upload 4 and upload 5"), parts.words());
    }

    @Test
    void aBodyCutShortOrOfNobodyIsNoUploads() {
        byte[] body = new Content(3, 4).body();
        assertEquals(
                Content.FOREIGN,
                Content.partsOf(3, Arrays.copyOf(body, body.length - 1)).number());
        assertEquals(Content.FOREIGN, Content.partsOf(3, new byte[0]).number());
        assertEquals(Content.FOREIGN, Content.partsOf(4, body).number());
        assertEquals(
                Content.FOREIGN,
                Content.partsOf(3, "hello".getBytes(StandardCharsets.US_ASCII)).number());
        assertEquals(Content.FOREIGN, Content.uploadOf(3, "k3-u99999999999"));
    }
}
