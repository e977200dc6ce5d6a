#!/usr/bin/env python3
"""Prints the figures of TestReplay, from the sample and by other means.

    internal/eventmetrics/journey/testdata/journeys.py testdata/sample/login_gov.ndjson

It shares no code with the collector. It has all events at once, sorts each
user's by time and cuts them into windows, so it needs no state between them.
"""
import collections
import datetime
import json
import sys

STEPS = ["Email and Password Authentication", "Multi-Factor Authentication", "SP redirect initiated"]
DISPLAYED = "Multi-Factor Authentication: enter "


def events(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and "name" in event and "properties" in event:
                yield event


def seconds(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def user(event):
    who = event["properties"].get("user_id")
    return None if who == "anonymous-uuid" else who


def session(event):
    return event.get("visit_id")


def succeeded(event):
    return (event["properties"].get("event_properties") or {}).get("success") in (True, 1, "1", "true")


def by_person(path, who, kind):
    people = collections.defaultdict(list)
    for event in events(path):
        if who(event) and kind(event) is not None:
            people[who(event)].append((seconds(event), kind(event)))
    return [sorted(list_, key=lambda e: e[0]) for list_ in people.values()]


def step(event):
    if event["name"] not in STEPS or (event["name"] != STEPS[2] and not succeeded(event)):
        return None
    return STEPS.index(event["name"])


def funnel(path, who, ordered, window):
    figures = [0] * len(STEPS)
    for todo in by_person(path, who, step):
        while todo:
            if ordered and todo[0][1] != 0:
                todo.pop(0)
                continue
            end, reached = todo[0][0] + window, set()
            while todo and todo[0][0] < end:
                number = todo.pop(0)[1]
                if not ordered or number == len(reached) or number in reached:
                    reached.add(number)
            for number in reached:
                figures[number] += 1
    return figures


def side(event):
    if event["name"].startswith(DISPLAYED) and event["name"].endswith(" visited"):
        return "begin"
    return "end" if event["name"] == STEPS[1] and succeeded(event) else None


def pairs(path, who, timeout):
    completed, total, abandoned = 0, 0.0, 0
    for todo in by_person(path, who, side):
        begun = None
        for at, what in todo:
            if begun is not None and at - begun >= timeout:
                # Whoever ends it at the very last counts, and is asked first.
                if what != "end" or at - begun > timeout:
                    abandoned, begun = abandoned + 1, None
            if what == "begin":
                begun = at
            elif begun is not None:
                completed, total, begun = completed + 1, total + at - begun, None
        abandoned += begun is not None
    return completed, round(total, 3), abandoned


if __name__ == "__main__":
    PATH = sys.argv[1]
    print("users in any order, 1h", funnel(PATH, user, False, 3600))
    print("users in order, 1h", funnel(PATH, user, True, 3600))
    print("users in order, 5m", funnel(PATH, user, True, 300))
    print("sessions in order, 1h", funnel(PATH, session, True, 3600))
    print("challenges of users, 5m (completed, seconds, abandoned)", pairs(PATH, user, 300))
    print("challenges of sessions, 1m (completed, seconds, abandoned)", pairs(PATH, session, 60))
