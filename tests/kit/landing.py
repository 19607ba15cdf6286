"""The kits that are built at each landing, and the others."""

from itertools import combinations

from guide.kit.kits import built_answers

# An image takes about as long as a test may take, so few are built at each landing.
COUNT = 4


def pairs(answers):
    """Return the pairs of answers to two questions."""
    return {*combinations(answers.items(), 2)}


def split():
    """Return the kits for each landing, and the others.

    Each kit for a landing has as many pairs of answers as possible that those before it lack.
    """
    every = built_answers()
    possible, chosen, covered = every, [], set()
    for _ in range(COUNT):
        best = max(possible, key=lambda each: len(pairs(each) - covered))
        chosen.append(best)
        covered |= pairs(best)
        if is_on_ubuntu(best):
            # Its packages take the longest.
            possible = [each for each in possible if not is_on_ubuntu(each)]
    return chosen, [each for each in every if each not in chosen]


def is_on_ubuntu(answers):
    """Return whether the image of a kit starts from Ubuntu."""
    wanted = {"layout": "plain", "system": "compiler"}
    return wanted.items() <= answers.items() and answers["private"] != "git"
