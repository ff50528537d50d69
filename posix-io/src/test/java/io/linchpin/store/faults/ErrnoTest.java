package io.linchpin.store.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.posix.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each call of each operation fails, with each errno that it may fail with, once and from then on. */
class ErrnoTest {
    /** Of calls that differ in nothing but a number in their path, as the 256 mkdirat of a new bucket: so many. */
    private static final int MAX_ALIKE = 3;

    @Test
    void everyCallOfEveryOperationMayFail() throws Exception {
        List<String> problems = new ArrayList<>();
        long cases = 0;
        for (Operation operation : Operations.ALL) {
            Case.Clean clean = Case.clean(operation);
            assertInstanceOf(Verdict.Done.class, clean.verdict(), operation.name() + ": " + clean.verdict());
            List<Fault> faults = faults(clean.calls());
            for (Fault fault : faults) {
                for (String problem : problems(operation, fault, clean)) {
                    problems.add(operation.name() + ", " + fault + ": " + problem);
                }
            }
            cases += faults.size();
            System.out.println(operation.name() + ": " + clean.calls().size() + " calls, " + faults.size() + " faults");
        }
        System.out.println(cases + " cases of (operation, call, errno, once or from then on)");
        assertEquals("", String.join("\n", problems));
    }

    private static List<String> problems(Operation operation, Fault fault, Case.Clean clean) {
        try {
            return new Case(operation, fault).run(clean);
        } catch (Exception | AssertionError e) {
            return List.of("what came after failed: " + e + ", by " + e.getCause());
        }
    }

    private static List<Fault> faults(List<Call> calls) {
        List<Fault> faults = new ArrayList<>();
        Map<String, Integer> alike = new HashMap<>();
        for (int at = 0; at < calls.size(); at++) {
            Call call = calls.get(at);
            String kind = call.name() + call.path().replaceAll("\\b[0-9a-f]{2}$", "");
            if (alike.merge(kind, 1, Integer::sum) > MAX_ALIKE) {
                continue;
            }
            for (int errno : Errnos.of(call)) {
                faults.add(new Fault(at, call, errno, false));
                if (errno != Errno.EINTR) {
                    faults.add(new Fault(at, call, errno, true));
                }
            }
        }
        return faults;
    }
}
