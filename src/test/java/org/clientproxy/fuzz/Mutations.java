package org.clientproxy.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hostile octets: documents of a corpus with tags doubled, moved, wrapped and mixed, names and attributes exchanged, and
 * octets broken. The same in each run of one seed.
 */
public final class Mutations {
    private static final Path CORPUS = Path.of("src/test/resources/fuzz");
    private static final Pattern PIECE = Pattern.compile("<[^>]*>|[^<]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][-A-Za-z0-9._:]*");

    private static final List<String> SNIPPETS = List.of(
            "<",
            ">",
            "/",
            "'",
            "\"",
            "&",
            ";",
            "=",
            " ",
            ":",
            "]]>",
            "<!--",
            "-->",
            "<?x ?>",
            "<![CDATA[",
            "&#x41;",
            "&#0;",
            "&lt;",
            "&#xFFFF;",
            "&#x110000;",
            "&#99999999999;",
            "\n",
            "\r\n",
            "\t",
            "\u05d0",
            "\ud83d\udc2b",
            "</iq>",
            "<a/>",
            "</a>",
            "\u00d7",
            "\u0300",
            "&bogus;",
            "\u037e",
            "-",
            ".",
            "1",
            "\ufffe",
            "\ufeff",
            "\u0000",
            "<!DOCTYPE a>",
            "<?xml version='1.0'?>",
            "</stream:stream>",
            "<x:a/>",
            "<:a/>",
            "<a:/>",
            "<a:b:c/>");

    private static final List<String> ATTRIBUTES = List.of(
            "xmlns='jabber:component:accept'",
            "xmlns=''",
            "xmlns='u'",
            "xmlns:p='u'",
            "xmlns:p=''",
            "xmlns:x='urn:y'",
            "xmlns:xml='u'",
            "xmlns:xmlns='u'",
            "xmlns:q='http://www.w3.org/2000/xmlns/'",
            "xml:lang='x'",
            "x:a='1'",
            "p:a='1'",
            "stream:a='1'",
            "a='1'",
            "from='b@c'",
            "id=''",
            "id='2'",
            "type='get'",
            "to='e'",
            "a=\"'\"",
            "\u05d0='1'",
            "c:a='1'");

    private static final List<String> NAMES = List.of(
            "iq",
            "message",
            "presence",
            "c:iq",
            "stream:stream",
            "stream:error",
            "a",
            "x:q",
            "p:q",
            "xml:q",
            "xmlns:q",
            "xmlns",
            "xml",
            "type",
            "id",
            "from",
            "to",
            "error",
            "\u05d0");

    private final Random random;
    private final List<String> corpus;

    /** @param corpus documents whose octets are Latin-1 characters */
    private Mutations(List<String> corpus, Random random) {
        this.corpus = corpus;
        this.random = random;
    }

    /** Mutations of the files in this directory of the corpus. */
    public static Mutations of(String directory, Random random) {
        return new Mutations(new ArrayList<>(files(directory).values()), random);
    }

    /** The files of the corpus by their names, each octet a Latin-1 character. */
    public static TreeMap<String, String> files(String directory) {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(CORPUS.resolve(directory))) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path, ISO_8859_1));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return files;
    }

    /** The next document. */
    public byte[] next() {
        StringBuilder text = new StringBuilder(pick(corpus));
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutate(text);
            if (text.isEmpty()) {
                text.append(' ');
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(12)) {
            case 0 -> text.insert(at, octets(pick(SNIPPETS)));
            case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
            case 2 -> text.setCharAt(at, (char) random.nextInt(0x100));
            case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
            case 4, 5 -> attribute(text);
            case 6, 7 -> rename(text);
            default -> pieces(text);
        }
    }

    /** One more attribute, in one of the start tags. */
    private void attribute(StringBuilder text) {
        int tag = text.indexOf("<", random.nextInt(text.length()));
        Matcher name = NAME.matcher(text);
        if (tag >= 0 && name.find(tag)) {
            text.insert(name.end(), ' ' + octets(pick(ATTRIBUTES)));
        }
    }

    /** Another name in the place of one. */
    private void rename(StringBuilder text) {
        Matcher name = NAME.matcher(text);
        if (name.find(random.nextInt(text.length()))) {
            String before = name.group();
            String after = octets(pick(NAMES));
            if (random.nextBoolean()) {
                text.replace(name.start(), name.end(), after);
            } else {
                String all = text.toString().replace(before, after);
                text.setLength(0);
                text.append(all);
            }
        }
    }

    /** Tags and texts doubled, taken out, exchanged, wrapped, or brought from another document. */
    private void pieces(StringBuilder text) {
        List<String> pieces = new ArrayList<>(split(text));
        if (pieces.isEmpty()) {
            return;
        }
        int at = random.nextInt(pieces.size());
        int other = random.nextInt(pieces.size());
        switch (random.nextInt(5)) {
            case 0 -> pieces.add(other, pieces.get(at));
            case 1 -> pieces.remove(at);
            case 2 -> pieces.set(at, pieces.set(other, pieces.get(at)));
            case 3 -> {
                String name = octets(pick(NAMES));
                pieces.add(Math.max(at, other), "</" + name + ">");
                pieces.add(Math.min(at, other), "<" + name + " " + octets(pick(ATTRIBUTES)) + ">");
            }
            default -> pieces.addAll(at, split(pick(corpus)));
        }
        text.setLength(0);
        pieces.forEach(text::append);
    }

    private static List<String> split(CharSequence text) {
        return PIECE.matcher(text).results().map(result -> result.group()).toList();
    }

    private static String octets(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
