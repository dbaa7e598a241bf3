package org.clientproxy.proxy.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages as octets: a version, a kind, and the parts in their order, numbers in network order. Deadlines travel as the time that is
 * left, for the clocks of two processes have nothing in common.
 */
final class Wire {
    /** Of this form. A node that says another one is no member. */
    static final int VERSION = 2;

    private static final int WORD = 1;
    private static final int STATE = 2;
    private static final int BATCH = 3;
    private static final int ANSWERS = 4;
    private static final int ASK = 5;
    private static final int GRANT = 6;

    /** @param now by the clock of this process, to which the deadlines in the message belong */
    static byte[] encode(Message message, long now) {
        Out out = new Out();
        out.octet(VERSION);
        if (message instanceof Message.Word word) {
            out.octet(WORD);
            out.id(word.view());
            out.life(word.life());
            out.flag(word.fresh());
            out.flag(word.acted() != null);
            if (word.acted() != null) {
                out.view(word.acted());
            }
            out.integer(word.joined().size());
            word.joined().forEach(out::view);
            out.standing(word.standing());
            out.flag(word.asks());
        } else if (message instanceof Message.State state) {
            out.octet(STATE);
            out.id(state.view());
            out.standing(state.standing());
        } else if (message instanceof Message.Batch batch) {
            out.octet(BATCH);
            out.id(batch.view());
            out.life(batch.from());
            out.life(batch.to());
            out.number(batch.sequence());
            out.integer(batch.commands().size());
            batch.commands().forEach(command -> out.command(command, now));
        } else if (message instanceof Message.Answers answers) {
            out.octet(ANSWERS);
            out.id(answers.view());
            out.life(answers.from());
            out.life(answers.to());
            out.integer(answers.results().size());
            answers.results().forEach(out::results);
        } else if (message instanceof Message.Ask ask) {
            out.octet(ASK);
            out.id(ask.view());
            out.number(ask.number());
            out.flag(ask.alone());
        } else if (message instanceof Message.Grant grant) {
            out.octet(GRANT);
            out.id(grant.view());
            out.number(grant.number());
        }
        return out.octets.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @return null where it is not that
     */
    static @Nullable Message decode(byte[] octets, long now) {
        In in = new In(ByteBuffer.wrap(octets), now);
        try {
            if (in.octet() != VERSION) {
                return null;
            }
            Message message = in.message();
            return in.in.hasRemaining() ? null : message;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private Wire() {}

    private static final class Out {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream(256);

        void octet(int value) {
            octets.write(value);
        }

        void flag(boolean value) {
            octet(value ? 1 : 0);
        }

        void integer(int value) {
            octets.write(value >>> 24);
            octets.write(value >>> 16);
            octets.write(value >>> 8);
            octets.write(value);
        }

        void number(long value) {
            integer((int) (value >>> 32));
            integer((int) value);
        }

        void member(Member member) {
            octet(member.node());
            number(member.started());
        }

        void life(Life life) {
            member(life.member());
            integer(life.count());
        }

        void id(View.Id id) {
            number(id.number());
            member(id.creator());
        }

        void view(View view) {
            id(view.id());
            integer(view.members().size());
            view.members().forEach(this::member);
        }

        void standing(Message.Standing standing) {
            octet((standing.mayStream() ? 1 : 0) | (standing.hasStream() ? 2 : 0) | (standing.leaving() ? 4 : 0));
            integer(standing.owned());
            integer(standing.unprotected());
        }

        @SuppressWarnings("EnumOrdinal") // in the order of their octets
        void command(Command command, long now) {
            octet(command.kind().octet);
            number(command.number());
            if (command.kind().hasRecord()) {
                number(command.deadline() - now);
                number(command.instead());
            }
            if (command.kind().hasBody()) {
                integer(command.body().length);
                octets.writeBytes(command.body());
            }
        }

        void results(Sessions.Results results) {
            number(results.sequence());
            integer(results.values().length);
            for (boolean value : results.values()) {
                flag(value);
            }
        }
    }

    private static final class In {
        private final ByteBuffer in;
        private final long now;

        In(ByteBuffer in, long now) {
            this.in = in;
            this.now = now;
        }

        Message message() {
            return switch (octet()) {
                case WORD -> word();
                case STATE -> new Message.State(id(), standing());
                case BATCH -> new Message.Batch(id(), life(), life(), number(), many(9, this::command));
                case ANSWERS -> new Message.Answers(id(), life(), life(), many(12, this::results));
                case ASK -> new Message.Ask(id(), number(), flag());
                case GRANT -> new Message.Grant(id(), number());
                default -> throw new IllegalArgumentException("no kind of message");
            };
        }

        private Message word() {
            return new Message.Word(
                    id(), life(), flag(), flag() ? view() : null, many(21, this::view), standing(), flag());
        }

        /** @param least how many octets one of them has at least, so that no number of them is believed that cannot be */
        private <T> List<T> many(int least, Supplier<T> one) {
            int count = count(least);
            List<T> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                all.add(one.get());
            }
            return all;
        }

        private int count(int least) {
            int count = in.getInt();
            if (count < 0 || count > in.remaining() / least) {
                throw new IllegalArgumentException("more than there is");
            }
            return count;
        }

        int octet() {
            return in.get() & 0xFF;
        }

        boolean flag() {
            int octet = octet();
            if (octet > 1) {
                throw new IllegalArgumentException("neither yes nor no");
            }
            return octet == 1;
        }

        long number() {
            return in.getLong();
        }

        Member member() {
            return new Member(octet(), number());
        }

        Life life() {
            return new Life(member(), in.getInt());
        }

        View.Id id() {
            return new View.Id(number(), member());
        }

        View view() {
            View.Id id = id();
            return new View(id.number(), id.creator(), many(9, this::member));
        }

        Message.Standing standing() {
            int flags = octet();
            if (flags > 7) {
                throw new IllegalArgumentException("no standing");
            }
            return new Message.Standing((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, in.getInt(), in.getInt());
        }

        private static Command.Kind kind(int octet) {
            for (Command.Kind kind : Command.Kind.values()) {
                if (kind.octet == octet) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of command");
        }

        Command command() {
            Command.Kind kind = kind(octet());
            long number = number();
            if (!kind.hasBody()) {
                return Command.of(kind, number);
            }
            long deadline = kind.hasRecord() ? now + number() : 0;
            long instead = kind.hasRecord() ? number() : 0;
            byte[] body = new byte[count(1)];
            in.get(body);
            return new Command(kind, number, deadline, body, instead);
        }

        Sessions.Results results() {
            long sequence = number();
            boolean[] values = new boolean[count(1)];
            for (int i = 0; i < values.length; i++) {
                values[i] = flag();
            }
            return new Sessions.Results(sequence, values);
        }
    }
}
