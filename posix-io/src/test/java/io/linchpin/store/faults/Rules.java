package io.linchpin.store.faults;

import io.linchpin.posix.Errno;
import io.linchpin.store.faults.Operation.Trait;
import java.util.ArrayList;
import java.util.List;

/**
 * The failure rules, as far as a verdict can be held to them:
 *
 * <ul>
 *   <li>less done than asked, and an interrupted close, are nobody's business;
 *   <li>a fault before a record is durable refuses one request and stops nothing;
 *   <li>a failed write or sync of the journal, a failed sync of the ledger, and a failed syncfs stop the process;
 *   <li>once a record is durable, EIO stops the process; a full disk or table voids the change, unless the bucket has
 *       changed already.
 * </ul>
 */
final class Rules {
    private final Operation operation;
    private final Fault fault;
    private final List<String> problems = new ArrayList<>();

    Rules(Operation operation, Fault fault) {
        this.operation = operation;
        this.fault = fault;
    }

    /** @param untouched whether others saw the store as it was before when the fault first struck */
    List<String> judge(Verdict verdict, Verdict clean, List<Call> calls, boolean untouched) {
        switch (verdict) {
            case Verdict.Broken(String what) -> problems.add("broken: " + what);
            case Verdict.Done _ -> done(verdict, clean);
            case Verdict.Refused _ -> refused(verdict, calls);
            case Verdict.Halted _ -> halted(verdict, calls, untouched);
        }
        return problems;
    }

    private void done(Verdict verdict, Verdict clean) {
        if (!verdict.equals(clean)) {
            problems.add("said " + verdict + " instead of " + clean);
        }
        if (mustHalt()) {
            problems.add("went on after a failure that must stop the process");
        }
    }

    private void refused(Verdict verdict, List<Call> calls) {
        if (isTransparent()) {
            problems.add("not transparent: " + verdict);
        }
        if (mustHalt() && operation.trait() != Trait.ENDS_LIFE) {
            problems.add("refused after a failure that must stop the process: " + verdict);
        }
        if (fault.errno() == Errno.EIO && isDurable(calls) && !fault.persists()) {
            problems.add("EIO in a publish did not stop the process: " + verdict);
        }
    }

    private void halted(Verdict verdict, List<Call> calls, boolean untouched) {
        if (isTransparent()) {
            problems.add("not transparent: " + verdict);
        }
        boolean allowed = mustHalt()
                || operation.trait() == Trait.OWNERS_WORK
                || (isDurable(calls) && (fault.errno() == Errno.EIO || !untouched || fault.persists()))
                || (fault.persists() && calls.stream().skip(fault.at()).anyMatch(Rules::isFatal));
        if (!allowed) {
            problems.add("stopped the process where one request was to fail: " + verdict);
        }
    }

    private boolean isTransparent() {
        return fault.errno() == Errnos.SHORT || fault.errno() == Errno.EINTR;
    }

    private boolean mustHalt() {
        return isFatal(fault.call()) && !isTransparent();
    }

    private static boolean isFatal(Call call) {
        return switch (call.name()) {
            case "syncfs" -> true;
            case "fdatasync" -> call.isOfJournal() || call.isOfLedger();
            case "pwrite" -> call.isOfJournal();
            default -> false;
        };
    }

    /** Whether a record of the operation was durable before the fault. */
    private boolean isDurable(List<Call> calls) {
        return calls.subList(0, Math.min(fault.at(), calls.size())).stream()
                .anyMatch(c -> c.isOfJournal() && c.name().equals("fdatasync"));
    }
}
