package io.linchpin.http.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command's options: {@code --name value}, {@code --name=value}, or a bare {@code --flag}. Each at most once, but for those
 * that a command takes more often. Where a command takes them, operands too.
 */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, List<String>> repeated = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private final List<String> operands = new ArrayList<>();

    private Arguments() {}

    /**
     * Reads what follows a command's name.
     *
     * @param known names of options with a value, without their dashes
     * @param knownFlags names of options without one
     */
    static Arguments parse(List<String> arguments, Set<String> known, Set<String> knownFlags) throws UsageException {
        return parse(arguments, known, knownFlags, 0);
    }

    /** As above, with up to so many arguments that are no options, anywhere among them. */
    static Arguments parse(List<String> arguments, Set<String> known, Set<String> knownFlags, int mostOperands)
            throws UsageException {
        return parse(arguments, known, Set.of(), knownFlags, mostOperands);
    }

    /** As above, without flags and operands; the second set is of options with a value that may be given more than once. */
    public static Arguments parseRepeating(List<String> arguments, Set<String> known, Set<String> repeatable)
            throws UsageException {
        return parse(arguments, known, repeatable, Set.of(), 0);
    }

    private static Arguments parse(
            List<String> arguments, Set<String> known, Set<String> repeatable, Set<String> knownFlags, int mostOperands)
            throws UsageException {
        Arguments parsed = new Arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-") && parsed.operands.size() < mostOperands) {
                parsed.operands.add(argument);
                continue;
            }
            if (!argument.startsWith("--")) {
                throw new UsageException("What is '" + argument + "'? Options start with --.");
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            if (knownFlags.contains(name) && equals < 0) {
                parsed.flags.add(name);
            } else if (known.contains(name) || repeatable.contains(name)) {
                if (equals < 0 && i + 1 == arguments.size()) {
                    throw new UsageException("--" + name + " needs a value.");
                }
                String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
                if (repeatable.contains(name)) {
                    parsed.repeated
                            .computeIfAbsent(name, none -> new ArrayList<>())
                            .add(value);
                } else if (parsed.values.put(name, value) != null) {
                    throw new UsageException("--" + name + " is given twice.");
                }
            } else {
                throw new UsageException("There is no option --" + name + " here.");
            }
        }
        return parsed;
    }

    /** What was given that is no option. */
    List<String> operands() {
        return operands;
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** All values of an option that may be given more than once, in order. */
    public List<String> texts(String name) {
        return repeated.getOrDefault(name, List.of());
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** A path, made absolute. */
    Path path(String name, String otherwise) {
        return Path.of(text(name, otherwise)).toAbsolutePath().normalize();
    }

    public int number(String name, int otherwise, int least, int most) throws UsageException {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new UsageException("--" + name + " takes a number from " + least + " to " + most + ", not " + text + ".");
    }
}
