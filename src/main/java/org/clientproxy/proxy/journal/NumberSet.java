package org.clientproxy.proxy.journal;

import java.util.Arrays;

/** Numbers from 0 on, in a few octets each, for there may be millions of them. Used on one thread at a time. */
final class NumberSet {
    // Each number plus one, where its hash says or behind; 0 is an empty place.
    private long[] places = new long[1024];
    private int size;

    boolean contains(long number) {
        return places[place(places, number)] != 0;
    }

    void add(long number) {
        int place = place(places, number);
        if (places[place] == 0) {
            places[place] = number + 1;
            size++;
            if (size > places.length / 2) {
                grow();
            }
        }
    }

    private void grow() {
        long[] larger = new long[2 * places.length];
        Arrays.stream(places)
                .filter(number -> number != 0)
                .forEach(number -> larger[place(larger, number - 1)] = number);
        places = larger;
    }

    private static int place(long[] in, long number) {
        int place = Long.hashCode(number * 0x9E3779B97F4A7C15L) & in.length - 1;
        while (in[place] != 0 && in[place] != number + 1) {
            place = place + 1 & in.length - 1;
        }
        return place;
    }
}
