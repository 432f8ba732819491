"""A slow, obvious second implementation of intake and due instants.

It shares nothing with the program but the meaning of the words: windows are
walked one after the other, zones are Python's. See driver.c for the cases.
"""
import datetime
import zoneinfo

zoneinfo.reset_tzpath(to=["/usr/share/zoneinfo"])

DAY = 86400
EPOCH = datetime.datetime(1970, 1, 1)
EPOCH_DAY = datetime.date(1970, 1, 1)
UTC = datetime.timezone.utc
MONDAY = 4 * DAY  # 1970-01-05


class Calendar:
    """One zone, weekly spans in wall seconds, dates that are shut.

    Wall times are seconds since the clock on the wall showed 1970.
    """

    def __init__(self, zone, spans, holidays):
        self.zone = zoneinfo.ZoneInfo(zone)
        self.spans = spans  # None: always open
        self.holidays = holidays  # day numbers
        self.weeks = {}
        self.midnights = {}

    # -- clocks on the wall

    def wall(self, instant):
        at = datetime.datetime.fromtimestamp(instant, self.zone)
        return instant + round(at.utcoffset().total_seconds())

    def instant(self, wall, second=False):
        at = EPOCH + datetime.timedelta(seconds=wall)
        first = at.replace(tzinfo=self.zone).utcoffset()
        # A repeated time has a smaller offset the second time. A skipped one
        # has a larger, which is not wanted: it is read as before the change.
        if second:
            first = min(first, at.replace(tzinfo=self.zone,
                                          fold=1).utcoffset())
        return wall - round(first.total_seconds())

    def midnight(self, day):
        if day not in self.midnights:
            self.midnights[day] = self.instant(day * DAY)
        return self.midnights[day]

    # -- windows

    def pieces(self, opening, closing):
        """What the holidays leave of one span, on the wall, and whether it
        ends where one begins."""
        if not any(day in self.holidays
                   for day in range(opening // DAY, closing // DAY + 1)):
            yield opening, closing, False
            return
        # What no holiday parts stays one: its opening may be a skipped time.
        while opening < closing:
            end = opening
            while end < closing and end // DAY not in self.holidays:
                end = min(closing, (end // DAY + 1) * DAY)
            if end > opening:
                cut = end % DAY == 0 and end // DAY in self.holidays
                yield opening, end, cut
            opening = max(end, (opening // DAY + 1) * DAY)

    def walls(self, number):
        """What is open in one week, on the wall: spans that overlap are one
        there, whatever the clocks do before one of them ends."""
        monday = MONDAY + number * 7 * DAY
        sunday = monday + 7 * DAY
        joined = []
        for opening, closing, cut in sorted(
                piece for before in (7 * DAY, 0)
                for opening, closing in self.spans
                for piece in self.pieces(monday - before + opening,
                                         monday - before + closing)):
            if closing > sunday:
                closing, cut = sunday, False
            opening = max(opening, monday)
            if opening >= closing:
                continue
            if joined and opening <= joined[-1][1]:
                if closing > joined[-1][1]:
                    joined[-1][1:] = closing, cut
            else:
                joined.append([opening, closing, cut])
        return joined

    def week(self, number):
        """Windows of one week, in order."""
        if number not in self.weeks:
            found = ((self.instant(opening), self.instant(closing, not cut))
                     for opening, closing, cut in self.walls(number))
            self.weeks[number] = sorted(w for w in found if w[0] < w[1])
        return self.weeks[number]

    def windows(self, instant):
        """The window that `instant` is in, or the next, and all after."""
        if self.spans is None:
            yield -10 ** 15, 10 ** 15
            return
        number = (self.wall(instant) - MONDAY) // (7 * DAY) - 2
        last = number + 2 + 52 * 60
        opening = closing = None
        held = []
        while number < last:
            # A change of clocks may put what opens next week before what
            # opens this week, so one week is held back.
            held = sorted(held + self.week(number))
            number += 1
            horizon = self.midnight((MONDAY + number * 7 * DAY) // DAY - 1)
            while held and held[0][0] < horizon:
                o, c = held.pop(0)
                if opening is not None and o <= closing:
                    closing = max(closing, c)
                    continue
                if opening is not None and closing > instant:
                    yield opening, closing
                opening, closing = o, c
            if opening is not None and closing < horizon:
                if closing > instant:
                    yield opening, closing
                opening = None

    def is_open(self, instant):
        for opening, closing in self.windows(instant):
            return opening <= instant
        return False

    def intake(self, instant):
        for opening, _ in self.windows(instant):
            return max(instant, opening)
        return None

    def open_seconds(self, start, end):
        total = 0
        for opening, closing in self.windows(start):
            if opening >= end:
                break
            total += min(closing, end) - max(opening, start)
        return total

    def add_open(self, start, seconds):
        if seconds == 0:
            return start
        for opening, closing in self.windows(start):
            opening = max(opening, start)
            if closing - opening >= seconds:
                return opening + seconds
            seconds -= closing - opening
        return None

    def open_days(self, instant):
        """Day numbers with any open time, from that of `instant` on."""
        if self.spans is None:
            day = self.wall(instant) // DAY
            while True:
                yield day
                day += 1
        latest = self.wall(instant) // DAY - 1
        for opening, closing in self.windows(self.midnight(latest + 1)):
            day = self.wall(opening) // DAY
            while day <= self.wall(closing - 1) // DAY:
                if day > latest:
                    yield day
                    latest = day
                day += 1


def split(duration):
    """("s", seconds), ("d", 2), ("bd", 5) or ("mo", 12)."""
    for unit in ("mo", "bd", "d"):
        if duration.endswith(unit):
            return unit, int(duration[:-len(unit)])
    seconds, number = 0, ""
    for char in duration:
        if char.isdigit():
            number += char
        else:
            seconds += int(number) * {"h": 3600, "m": 60, "s": 1}[char]
            number = ""
    return "s", seconds


def months_later(day, months):
    date = EPOCH_DAY + datetime.timedelta(day)
    count = date.year * 12 + date.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for last in (31, 30, 29, 28):
        try:
            return (datetime.date(year, month, min(date.day, last))
                    - EPOCH_DAY).days
        except ValueError:
            pass


def business_days(calendar, start, count):
    start = calendar.intake(start)  # shut: they count from the next opening
    if start is None:
        return None
    wall = calendar.wall(start)
    today, time = divmod(wall, DAY)
    for day in calendar.open_days(start):
        if day > today:
            count -= 1
        if count == 0:
            break
    else:
        return None
    at = calendar.instant(day * DAY + time)
    first = calendar.midnight(day)
    if calendar.is_open(at):
        return at
    best = None
    for opening, closing in calendar.windows(first):
        if closing > at:
            return best if best is not None else opening
        best = closing
    return best


def joined(pauses, intake):
    result = []
    for start, end in sorted(pauses):
        start = max(start, intake)
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1][1] = max(result[-1][1], end)
        else:
            result.append([start, end])
    return result


def count_down(calendar, start, seconds, pauses):
    """Walks the windows, and within them everything but the pauses."""
    for opening, closing in calendar.windows(start):
        at = max(opening, start)
        for begin, end in pauses + [[10 ** 15, 10 ** 15]]:
            if end <= at:
                continue
            stop = min(max(begin, at), closing)
            if stop - at >= seconds:
                return at + seconds
            seconds -= stop - at
            at = min(end, closing)
            if at == closing:
                break
    return None


def due(calendar, intake, duration, pauses):
    unit, count = split(duration)
    pauses = joined(pauses, intake)
    if unit == "s":
        return count_down(calendar, intake, count, pauses)
    if unit == "bd":
        at = business_days(calendar, intake, count)
    else:
        day, time = divmod(calendar.wall(intake), DAY)
        day = day + count if unit == "d" else months_later(day, count)
        at = calendar.instant(day * DAY + time)
    for start, end in pauses:
        if at is None or start >= at:
            break
        if unit == "bd":
            at = calendar.add_open(at, calendar.open_seconds(start, end))
        else:
            at += end - start
    return at


def is_quiet(calendar, start, end):
    """Whether no change of clocks is near."""
    return len({calendar.wall(t) - t
                for t in range(start - 2 * DAY, end + 2 * DAY, DAY // 2)}) == 1


def tick_down(calendar, intake_always, received, duration, pauses, step):
    """Second by second or minute by minute: looks at the wall at each tick.

    Only where no change of clocks is near: there, open means that the wall
    shows a time inside a span on a date that is no holiday.
    """
    offset = calendar.wall(received) - received
    week = [calendar.spans is None] * (7 * DAY // step)
    for opening, closing in calendar.spans or ():
        for tick in range(opening // step, closing // step):
            week[tick % len(week)] = True

    def is_open(at):
        wall = at + offset
        return (week[(wall - MONDAY) % (7 * DAY) // step]
                and (calendar.spans is None
                     or wall // DAY not in calendar.holidays))

    at = received
    while not intake_always and not is_open(at):
        at += step
    intake = at
    pauses = joined(pauses, intake)
    left = split(duration)[1]
    while left > 0:
        if is_open(at) and not any(a <= at < b for a, b in pauses):
            left -= step
        at += step
    return intake, at


def answer_ticket(calendar, intake_always, received, durations, events):
    """A ticket's case: what happened to it, in order.

    The severity in force decides, from the original intake; that of the moment
    when it was met, if it was. Waiting after that moment moves nothing. Time
    while it was resolved ("x") is a pause like the others, and reopening takes
    back what had met it.
    """
    severity = kept = pause = met = None
    resolved = False
    pauses = []
    for what, at, value in events:
        if what in "px":
            pause, resolved = at, what == "x"
        elif what == "r":
            pauses.append((pause, at))
            pause = None
            if resolved:
                met, resolved = None, False
        elif what == "m":
            met, kept = at, severity
            if pause is not None:
                pauses.append((pause, at))
        else:
            severity = value
    intake = received if intake_always else calendar.intake(received)
    if intake is None:
        return None, None, None
    if met is not None:
        severity = kept
        pauses = [(a, min(b, met)) for a, b in pauses if a < met]
    end = due(calendar, intake, durations[severity - 1], pauses)
    if met is None:
        return intake, end, "running" if end is None else "late"
    return intake, end, "met" if end is None or met <= end else "missed"


def answer(calendar, intake_always, received, duration, pauses):
    intake = received if intake_always else calendar.intake(received)
    if intake is None:
        return None, None
    return intake, due(calendar, intake, duration, pauses)
