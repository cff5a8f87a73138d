"""A recording played as devices."""

from fakes import blocks, sound
from playbook import CUSTOMER, REP

from coach.live.player import Player

SIDES = {REP: sound(0.5, (0.1, 0.2)), CUSTOMER: sound(0.5)}


def test_it_begins_when_every_side_listens_and_plays_all_of_it():
    player = Player(blocks(SIDES), SIDES, speed=50)
    got = []
    rep, customer = player.sources
    rep.start(got.append, print)
    assert not player.finished.is_set()
    customer.start(got.append, print)
    assert player.finished.wait(5)
    assert sum(len(b.samples) for b in got) == 2 * 8000


def test_a_side_that_stopped_hears_nothing_more_and_the_playing_can_be_ended():
    player = Player(blocks(SIDES), SIDES, speed=0.01)
    got = []
    for source in player.sources:
        source.start(got.append, print)
    player.sources[0].stop()
    player.stop()
    assert player.finished.wait(5)
    assert len(got) < 5
