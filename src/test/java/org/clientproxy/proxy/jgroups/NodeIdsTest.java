package org.clientproxy.proxy.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.proxy.cluster.Member;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdsTest {
    private final Member here = new Member(2, 1_795_000_000_000L);
    private final NodeIds ids = new NodeIds(here);

    @Test
    void anIdNamesTheProcessThatGaveIt() {
        assertThat(ids.named(ids.fresh())).isEqualTo(here);
        Member other = new Member(17, 1_795_000_000_001L);
        assertThat(ids.named(new NodeIds(other).fresh())).isEqualTo(other);
        Member before = new Member(2, 1_794_000_000_000L);
        assertThat(ids.named(new NodeIds(before).fresh())).isEqualTo(before);
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(ids.fresh()).isNotEqualTo(ids.fresh());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "-",
                "--",
                "1-2",
                "1-abc-short",
                "x-abc-0123456789012345678901",
                "1-a!c-0123456789012345678901",
                "1--0123456789012345678901",
                "-abc-0123456789012345678901",
                "99999999999-abc-0123456789012345678901",
                "1-zzzzzzzzzzzzzzzzzzzzzzzz-0123456789012345678901",
                "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "12345678-9dad-11d1-80b4-00c04fd430c8",
            })
    void whatIsOfAnotherFormNamesNobody(String id) {
        assertThat(ids.named(id)).isNull();
    }
}
