package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessCallsTest {
    private final Posix posix = new NativePosix();

    @Test
    void knowsItself() throws Exception {
        assertEquals(ProcessHandle.current().pid(), ProcessCalls.getpid());
        Path self = Path.of("/proc/self");
        assertEquals(Files.getAttribute(self, "unix:uid"), ProcessCalls.geteuid());
        String uids = Files.readAllLines(self.resolve("status")).stream()
                .filter(line -> line.startsWith("Uid:"))
                .findFirst()
                .orElseThrow();
        assertEquals(uids.split("\\s+", 3)[1], Integer.toString(ProcessCalls.getuid()));
    }

    @Test
    void signalsOneProcessOnly() throws Exception {
        assertEquals(-Errno.EINVAL, ProcessCalls.kill(0, 0));
        assertEquals(-Errno.EINVAL, ProcessCalls.kill(-1, 0));
        ForkedJvm child = ForkedJvm.start(ListeningProcess.class);
        assertEquals(0, ProcessCalls.kill(child.pid(), 0));
        assertEquals(0, ProcessCalls.kill(child.pid(), ProcessCalls.SIGKILL));
        child.close();
        assertEquals(-ProcessCalls.ESRCH, ProcessCalls.kill(child.pid(), 0));
        assertEquals(-ProcessCalls.ESRCH, ProcessCalls.pidfdOpen(child.pid()));
    }

    @Test
    void aStoppedProcessesListenerIsShutFromOutside() throws Exception {
        try (ForkedJvm child = ForkedJvm.start(ListeningProcess.class)) {
            int port = Integer.parseInt(child.read());
            int pidFd = ProcessCalls.pidfdOpen(child.pid());
            assertTrue(pidFd >= 0);
            try {
                assertEquals(0, ForeignListener.shut(posix, pidFd, child.pid(), port == 1 ? 2 : 1), "another port");
                child.stop();
                connect(port);
                assertEquals(1, ForeignListener.shut(posix, pidFd, child.pid(), port));
                assertThrows(ConnectException.class, () -> connect(port));
                child.kill();
                PosixException gone =
                        assertThrows(PosixException.class, () -> ForeignListener.shut(posix, pidFd, child.pid(), port));
                assertEquals(ProcessCalls.ESRCH, gone.errno());
                assertEquals(-ProcessCalls.ESRCH, ProcessCalls.pidfdGetfd(pidFd, 0));
            } finally {
                posix.close(pidFd);
            }
        }
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
