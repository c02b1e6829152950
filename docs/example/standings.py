"""A league's tables: something for `codemod run iterrows --dry-run` to look at."""

import pandas as pd


def runaways(games: pd.DataFrame) -> list[str]:
    found = []
    for _, row in games.iterrows():
        name = row["winner"].strip()
        if row["margin"] >= 20:
            found.append(name)
    return found


def show(players: pd.DataFrame) -> None:
    for index, row in players.iterrows():
        print(f"{index}: {row['name']} scored {row['points']}")


def lines(players: pd.DataFrame) -> list[str]:
    return ["\t".join(row.astype(str)) for _, row in players.iterrows()]
