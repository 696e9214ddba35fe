"""A round of everything, by a client that openapi-python-client has made from a server's OpenAPI document.

    python3 generated_client.py URL FOLDER KEYS

FOLDER holds the client, the package parley_client, and the document, openapi.json. KEYS are keys by whose they are, as JSON. The server
is new, and has keys. Whatever is answered is compared by value; the first thing that differs ends the program with a traceback. In the
end, each operation of the document has been asked for something, but for those in STREAMS.
"""
import datetime
import importlib
import json
import pathlib
import pkgutil
import sys
import time
import zlib

URL, FOLDER, KEYS = sys.argv[1], pathlib.Path(sys.argv[2]), json.loads(sys.argv[3])
sys.path.insert(0, str(FOLDER))
import parley_client.api
from parley_client import AuthenticatedClient, Client, models
from parley_client.types import UNSET

ENDLESS = "its answer has no end, and the generated client waits for the end of an answer"
STREAMS = {
    **dict.fromkeys(["followEvents", "streamBook", "streamTrades", "streamTicker", "streamOwn"], ENDLESS),
    "openSocket": "it becomes a WebSocket",
}
MOST_TRIES = 100


def lower(name):
    """A name without what tells postIntention from post_intention."""
    return name.replace("_", "").lower()


def modules_of(package):
    found = [each.name for each in pkgutil.walk_packages(package.__path__, package.__name__ + ".") if not each.ispkg]
    return {lower(name.rpartition(".")[2]): importlib.import_module(name) for name in found}


OPERATIONS = modules_of(parley_client.api)
asked = set()


class Caller:
    """One who asks with a key; an answer that the document does not know raises."""

    def __init__(self, key):
        of_all = {"base_url": URL, "raise_on_unexpected_status": True}
        self.client = Client(**of_all) if key is None else AuthenticatedClient(token=key, **of_all)

    def ask(self, operation, *path, **arguments):
        """What is answered. What cannot be looked at yet is asked for again, as the code UNAVAILABLE says."""
        asked.add(operation)
        for _ in range(MOST_TRIES):
            answer = OPERATIONS[lower(operation)].sync(*path, client=self.client, **arguments)
            if not isinstance(answer, models.Problem) or answer.code != "UNAVAILABLE":
                break
            time.sleep(0.1)
        return answer

    def post(self, client_id, side, quantity, price=UNSET, **others):
        terms = {"client_intention_id": client_id, "instrument": "ACME", "side": side, "quantity": quantity}
        return self.ask("postIntention", body=models.PostIntention(**{**terms, "price": price, **others}))


ALICE, BOB, OPERATOR, AUDITOR, MARKET_DATA = (
    Caller(KEYS[name]) for name in ("alice", "bob", "operator", "auditor", "marketData")
)
NOBODY, STRANGER = Caller(None), Caller("no-such-key")


def equal(found, expected):
    assert found == expected, f"\n  found    {found}\n  expected {expected}"


def has(found, kind, **fields):
    """That it is of this type, and has these values among its own. Gives it back."""
    assert isinstance(found, kind), f"no {kind.__name__}: {found}"
    equal({name: getattr(found, name) for name in fields}, fields)
    return found


def refused(found, code, status):
    return has(found, models.Problem, code=code, status=status)


def levels(side):
    return [(level.price, level.quantity, level.intentions) for level in side]


def operation():
    equal(NOBODY.ask("isLive").status, "live")
    equal(NOBODY.ask("isReady").status, "serving")
    equal(NOBODY.ask("getOpenApi").to_dict(), json.loads((FOLDER / "openapi.json").read_text()))
    equal(NOBODY.ask("getAsyncApi").additional_properties["asyncapi"], "3.0.0")
    assert '\nparley_open_intentions{shard="0"} 0\n' in OPERATOR.ask("getMetrics"), "the metrics count what is open"
    cluster = has(OPERATOR.ask("getCluster"), models.Cluster, self_="alone")
    equal([(shard.shard, shard.state, shard.owner) for shard in cluster.shards], [(0, "serving", "alone")])


def instruments():
    terms = models.ListInstrument(tick_size="0.05", lot_size="1", max_price="100.00")
    rules = {"price_rule": "standing", "self_trade": "allow", "counterparties": "shown", "phase": "continuous"}
    acme = {"symbol": "ACME", "tick_size": "0.05", "lot_size": "1", "min_price": "0.05", "max_price": "100.00", **rules}
    for _ in range(2):
        has(OPERATOR.ask("putInstrument", "ACME", body=terms), models.Instrument, **acme)
    has(MARKET_DATA.ask("getInstrument", "ACME"), models.ListedInstrument, **acme, state=UNSET)
    OPERATOR.ask("putInstrument", "CALL", body=models.ListInstrument(tick_size="1", lot_size="1"))
    listed = has(ALICE.ask("listInstruments"), models.Instruments)
    equal([each.symbol for each in listed.instruments], ["ACME", "CALL"])
    refused(ALICE.ask("getInstrument", "NONE"), "UNKNOWN_INSTRUMENT", 404)
    other = models.ListInstrument(tick_size="0.01", lot_size="1")
    refused(OPERATOR.ask("putInstrument", "ACME", body=other), "INSTRUMENT_DIFFERS", 409)


def auction():
    phase = lambda name: OPERATOR.ask("changePhase", "CALL", body=models.ChangePhase(phase=name))
    has(phase("call"), models.Instrument, symbol="CALL", phase="call")
    has(ALICE.post("call-1", "buy", "7", "12", instrument="CALL"), models.IntentionAcknowledged, status="open", deals=[])
    has(BOB.post("call-2", "sell", "5", "10", instrument="CALL"), models.IntentionAcknowledged, status="open")
    has(OPERATOR.ask("uncross", "CALL"), models.AuctionResult, instrument="CALL", price="12", volume="5", deals=1)
    has(phase("continuous"), models.Instrument, phase="continuous")
    has(ALICE.ask("withdrawIntentionByClientId", "call-1"), models.IntentionChanged, filled="5", status="withdrawn")


def limits():
    put = lambda **terms: OPERATOR.ask("putLimits", "bob", body=models.SetLimits(**terms))
    has(put(open_quantity="50"), models.LimitsSet, participant="bob", open_quantity="50", halted=False)
    refused(BOB.post("limit-1", "buy", "51", "1.00"), "LIMIT_OPEN_QUANTITY", 409)
    has(put(net_position="4"), models.LimitsSet, net_position="4", open_quantity=UNSET)
    refused(BOB.post("limit-2", "sell", "5", "99.00"), "LIMIT_NET_POSITION", 409)
    has(put(halted=True, intentions_per_second=9), models.LimitsSet, halted=True, intentions_per_second=9)
    refused(BOB.post("limit-3", "buy", "1", "1.00"), "HALTED", 409)
    found = has(BOB.ask("listLimits"), models.LimitsList).limits
    equal([each.to_dict() for each in found], [{"participant": "bob", "intentionsPerSecond": 9, "halted": True}])
    has(put(), models.LimitsSet, halted=False)
    equal(OPERATOR.ask("listLimits", participant="bob").limits, [])


def posts():
    """Leaves 60 of alice's a-1 open at 10.25, and one deal in ACME."""
    a1 = has(ALICE.post("a-1", "buy", "100", "10.25"), models.IntentionAcknowledged, participant="alice", type_="limit")
    has(a1, models.IntentionAcknowledged, status="open", filled="0", open_="100", time_in_force="gtc", average_price=UNSET)
    equal(ALICE.post("a-1", "buy", "100", "10.25"), a1)
    refused(ALICE.post("a-1", "buy", "101", "10.25"), "CLIENT_ID_REUSED", 409)
    b1 = has(BOB.post("b-1", "sell", "40", "10.20"), models.IntentionAcknowledged, status="filled", average_price="10.25")
    equal([(deal.id, deal.price, deal.quantity) for deal in b1.deals], [(f"{a1.id}-1", "10.25", "40")])
    rest = BOB.post("b-2", "sell", "1", type_="market", time_in_force="fok", price=UNSET, valid_until=past())
    refused(rest, "TOO_LATE", 409)
    has(BOB.post("b-3", "sell", "61", "10.25", time_in_force="fok"), models.IntentionAcknowledged, closed_reason="fillOrKill")
    refused(BOB.post("b-4", "sell", "1", "10.25", post_only=True), "POST_ONLY_WOULD_DEAL", 409)
    refused(BOB.post("b-5", "sell", "1", "10.26"), "PRICE_OFF_TICK", 422)
    refused(BOB.post("b-6", "sell", "1", "100.05"), "PRICE_OUT_OF_BAND", 422)
    lines()
    return a1, b1


def lines():
    """A stream of commands. The generator passes over its media type, so what carries the client's requests sends it."""
    post = {"instrument": "ACME", "side": "sell", "price": "90.00", "quantity": "3"}
    commands = [
        {"clientIntentionId": "n-1", **post},
        {"command": "reduce", "clientIntentionId": "n-1", "by": "2"},
        {"command": "withdraw", "clientIntentionId": "n-1"},
        {"clientIntentionId": "n-2", **post, "quantity": "0"},
    ]
    text = "".join(json.dumps(command) + "\n" for command in commands)
    sent = {"content": text, "headers": {"content-type": "application/x-ndjson"}}
    answer = BOB.client.get_httpx_client().post("/v1/intentions", **sent)
    told = [json.loads(line) for line in answer.text.splitlines()]
    equal([(each["line"], each["status"]) for each in told], [(1, 201), (2, 200), (3, 200), (4, 400)])
    equal([told[1]["open"], told[2]["intentionStatus"], told[3]["code"]], ["1", "withdrawn", "INVALID_QUANTITY"])


def past():
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)


def changes(a1):
    """Leaves 30 of a-1 open at 10.30, and nothing else but what was withdrawn."""
    change = lambda **terms: ALICE.ask("changeIntention", a1.id, body=models.ChangeIntention(**terms))
    changed = {"id": a1.id, "status": "open", "filled": "40"}
    has(change(price="10.30"), models.IntentionChanged, **changed, open_="60")
    has(change(quantity="50"), models.IntentionChanged, **changed, open_="50")
    once = [change(reduce_by="10", client_command_id="c-1") for _ in range(2)]
    equal(once[0], once[1])
    has(once[0], models.IntentionChanged, **changed, open_="40")
    by_id = lambda **terms: ALICE.ask("changeIntentionByClientId", "a-1", body=models.ChangeIntention(**terms))
    has(by_id(reduce_by="10"), models.IntentionChanged, **changed, open_="30")
    refused(by_id(reduce_by="10", price="10.25"), "INVALID_COMMAND", 400)
    refused(change(reduce_by="31"), "NOT_LESS", 409)
    refused(change(price="10.31"), "PRICE_OFF_TICK", 422)
    refused(change(price="10.35", valid_until=past()), "TOO_LATE", 409)
    refused(BOB.ask("changeIntention", a1.id, body=models.ChangeIntention(reduce_by="1")), "NOT_YOURS", 403)


def withdrawals():
    a2 = ALICE.post("a-2", "buy", "5", "9.00")
    for _ in range(2):
        found = ALICE.ask("withdrawIntention", a2.id)
        has(found, models.IntentionChanged, id=a2.id, status="withdrawn", open_="0", closed_reason="requested")
    change = models.ChangeIntention(reduce_by="1")
    refused(ALICE.ask("changeIntention", a2.id, body=change), "INTENTION_CLOSED", 409)
    refused(ALICE.ask("withdrawIntentionByClientId", "a-none"), "UNKNOWN_INTENTION", 404)
    a3, a4 = (ALICE.post(each, "sell", "5", "90.00") for each in ("a-3", "a-4"))
    gone = has(ALICE.ask("withdrawIntentions", instrument="ACME", side="sell"), models.IntentionsWithdrawn, withdrawn=2)
    equal([(each.id, each.client_intention_id, each.filled) for each in gone.intentions], [(a3.id, "a-3", "0"), (a4.id, "a-4", "0")])
    refused(ALICE.ask("withdrawIntentions"), "INVALID_COMMAND", 400)
    has(BOB.ask("withdrawIntentions", all_="true"), models.IntentionsWithdrawn, withdrawn=0, intentions=[])


def switch():
    until = has(ALICE.ask("setSwitch", body=models.SetSwitch(within_ms=60_000)), models.Switch, within_ms=60_000).lapses_at
    ahead = until - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta() < ahead <= datetime.timedelta(seconds=61), f"it lapses in {ahead}"
    has(ALICE.ask("getSwitch"), models.Switch, participant="alice", within_ms=60_000, lapses_at=until)
    has(OPERATOR.ask("getSwitch", participant="bob"), models.Switch, participant="bob", within_ms=0, lapses_at=UNSET)
    has(ALICE.ask("setSwitch", body=models.SetSwitch(within_ms=0)), models.Switch, within_ms=0, lapses_at=UNSET)


def market_reads():
    book = has(MARKET_DATA.ask("getBook", "ACME", depth=5), models.Book, instrument="ACME", phase="continuous", asks=[])
    equal(levels(book.bids), [("10.30", "30", 1)])
    equal(book.checksum, zlib.crc32(b"10.30:30"))
    trades = has(MARKET_DATA.ask("listTrades", "ACME"), models.Trades, instrument="ACME").trades
    equal([(trade.price, trade.quantity, trade.taker_side) for trade in trades], [("10.25", "40", "sell")])
    ticker = has(MARKET_DATA.ask("getTicker", "ACME"), models.Ticker, last="10.25", change="0.00", change_percent="0.00")
    has(ticker, models.Ticker, high="10.25", low="10.25", volume="40", deals=1, best_bid="10.30", best_ask=UNSET)
    tickers = has(MARKET_DATA.ask("listTickers"), models.Tickers).tickers
    equal([(each.instrument, each.last, each.volume) for each in tickers], [("ACME", "10.25", "40"), ("CALL", "12", "5")])
    day = has(MARKET_DATA.ask("listCandles", "ACME", interval="1d"), models.Candles, interval="1d").candles
    equal([(each.open_, each.high, each.low, each.close, each.volume, each.deals) for each in day], [("10.25",) * 4 + ("40", 1)])
    equal(day[0].start.time(), datetime.time())
    return trades[0]


def own_reads(a1, b1):
    deal_id = b1.deals[0].id
    deal = has(BOB.ask("getDeal", deal_id), models.Deal, outcome="confirmed", buyer="alice", seller="bob", taker_side="sell")
    has(deal, models.Deal, buyer_intention=a1.id, seller_intention=b1.id, price="10.25", quantity="40", instrument="ACME")
    equal(has(ALICE.ask("listDeals", instrument="ACME"), models.Deals).deals, [deal])
    equal(ALICE.ask("listDeals", intention=b1.id, before=deal.position).deals, [])
    bobs = has(BOB.ask("listPositions"), models.Positions).positions
    sums = [(each.instrument, each.bought, each.sold, each.net, each.cash) for each in bobs]
    equal(sums, [("ACME", "0", "40", "-40", "410.00"), ("CALL", "0", "5", "-5", "60")])
    mine = has(ALICE.ask("getIntention", a1.id), models.Intention, status="open", open_="30", reserved="0", filled="40")
    has(mine, models.Intention, price="10.30", quantity="70", posted_price="10.25", posted_quantity="100", closed_at=UNSET)
    equal(has(ALICE.ask("listIntentions", status="open"), models.Intentions).intentions, [mine])
    equal([each.status for each in ALICE.ask("listIntentions", client_intention_id="a-2").intentions], ["withdrawn"])
    account = has(ALICE.ask("getAccount", after="0"), models.Account, participant="alice", intentions=[mine], more_deals=False)
    equal([each.id for each in account.deals], [ALICE.ask("listDeals", instrument="CALL").deals[0].id, deal_id])
    equal([(each.instrument, each.net) for each in account.positions], [("ACME", "40"), ("CALL", "5")])
    return deal


def tellings(a1, deal):
    why = has(ALICE.ask("whyIntention", a1.id), models.Why, state="open", filled="40", open_="30", side="buy")
    reasons = [each for each in why.reasons if each.kind in ("posted", "deal", "amended", "reduced", "open")]
    equal([each.kind for each in reasons], ["posted", "deal", "amended", "reduced", "reduced", "reduced", "open"])
    equal(reasons[1].additional_properties["price"], "10.25")
    chart = has(ALICE.ask("chartIntention", a1.id), models.Chart, intention=a1.id, instrument="ACME", omitted_deals=0)
    met = f"deal {deal.id} with intention {deal.seller_intention}: bob sells 40 at 10.20"
    equal([row.text for row in chart.rows if row.kind == "deal"], [met])
    of_deal = has(BOB.ask("chartDeal", deal.id), models.Chart, deal=deal.id, outcome="confirmed", intention=a1.id)
    said = [row.message for row in of_deal.rows if row.kind == "message"]
    equal(said, ["announcement", "proposal", "acceptance", "decision", "confirmation"])
    has(AUDITOR.ask("listDoubts"), models.Doubts, doubts=[])


def moments(a1, b1, deal, trade):
    """As of the positions around a-1 and b-1 and their deal, and of times."""
    then = deal.position + 1
    equal(levels(BOB.ask("getBook", "ACME", at=a1.position + 1).bids), [("10.25", "100", 1)])
    equal(BOB.ask("listTrades", "ACME", at=a1.position + 1).trades, [])
    equal(BOB.ask("listTrades", "ACME", at=then).trades, [trade])
    equal(BOB.ask("getTicker", "ACME", at=a1.position + 1).last, UNSET)
    equal([each.last for each in BOB.ask("listTickers", at=then).tickers], ["10.25", "12"])
    equal(len(BOB.ask("listCandles", "ACME", at=then).candles), 1)
    equal(BOB.ask("listDeals", instrument="ACME", at=deal.position).deals, [])
    equal(BOB.ask("getDeal", deal.id, at=then), deal)
    refused(BOB.ask("getDeal", deal.id, at=deal.position), "UNKNOWN_DEAL", 404)
    equal([each.net for each in BOB.ask("listPositions", at=then).positions], ["-40", "-5"])
    has(ALICE.ask("getIntention", a1.id, at=b1.position), models.Intention, open_="100", filled="0", price="10.25")
    equal([each.open_ for each in ALICE.ask("listIntentions", status="open", at=b1.position).intentions], ["100"])
    has(ALICE.ask("whyIntention", a1.id, at=b1.position), models.Why, filled="0", open_="100")
    has(ALICE.ask("chartIntention", a1.id, at=then), models.Chart, intention=a1.id)
    has(BOB.ask("chartDeal", deal.id, at=then), models.Chart, deal=deal.id)
    equal([each.price for each in AUDITOR.ask("listDoubts", at=deal.position).doubts], ["10.25"])
    equal([each.filled for each in ALICE.ask("getAccount", at=b1.position).intentions], ["0"])
    times(a1)
    refused(BOB.ask("getBook", "ACME", at=1_000_000), "POSITION_AHEAD", 409)
    here = has(MARKET_DATA.ask("getMoment", at=then), models.Moment, position=then, shard=UNSET, next_deal=UNSET)
    assert here.previous_batch < then <= here.next_batch, f"not around {then}: {here}"
    has(BOB.ask("getMoment", at=deal.position), models.Moment, next_deal=then)
    refused(BOB.ask("getMoment", shard=1), "UNKNOWN_SHARD", 404)
    timeline = has(MARKET_DATA.ask("getTimeline", buckets=3), models.Timeline, from_=0, marks_left_out=UNSET)
    equal((len(timeline.deals), sum(timeline.deals), timeline.until), (3, 2, timeline.position))
    equal([mark.kind for mark in timeline.marks], ["restart", "auction"])
    has(timeline.marks[1], models.TimelineMarksItem, instrument="CALL", price="12", volume="5", deals=1, epoch=UNSET)
    equal(BOB.ask("getTimeline", from_=0, until=deal.position, buckets=1).deals, [1])


def times(a1):
    """By the log's own clock: an hour before anything was posted, and now."""
    posted_at = ALICE.ask("getIntention", a1.id).posted_at
    before = posted_at - datetime.timedelta(hours=1)
    refused(BOB.ask("getBook", "ACME", at_time=before), "UNKNOWN_INSTRUMENT", 404)
    refused(ALICE.ask("getIntention", a1.id, at_time=before), "UNKNOWN_INTENTION", 404)
    now = datetime.datetime.now(datetime.timezone.utc)
    equal(levels(BOB.ask("getBook", "ACME", at_time=now).bids), [("10.30", "30", 1)])
    equal(ALICE.ask("listIntentions", at_time=before).intentions, [])
    equal(BOB.ask("listDeals", at_time=before).deals, [])


def keys(a1):
    has(ALICE.ask("getCaller"), models.Caller, role="participant", participant="alice", keys=True)
    has(MARKET_DATA.ask("getCaller"), models.Caller, role="market-data", participant=UNSET, keys=True)
    refused(NOBODY.ask("getCaller"), "UNAUTHENTICATED", 401)
    for caller in (NOBODY, STRANGER):
        refused(caller.ask("listIntentions"), "UNAUTHENTICATED", 401)
        refused(caller.post("x-1", "buy", "1", "1.00"), "UNAUTHENTICATED", 401)
    refused(BOB.ask("getIntention", a1.id), "NOT_YOURS", 403)
    refused(BOB.ask("listDeals", participant="alice"), "FORBIDDEN", 403)
    refused(ALICE.ask("uncross", "CALL"), "FORBIDDEN", 403)
    refused(AUDITOR.post("x-2", "buy", "1", "1.00", participant="alice"), "FORBIDDEN", 403)
    refused(MARKET_DATA.ask("listDeals"), "FORBIDDEN", 403)
    equal([each.participant for each in AUDITOR.ask("listIntentions", status="open").intentions], ["alice"])
    equal(sorted({each.participant for each in AUDITOR.ask("listPositions").positions}), ["alice", "bob"])
    has(AUDITOR.ask("getAccount", participant="bob"), models.Account, participant="bob", intentions=[])


def all_were_asked():
    document = json.loads((FOLDER / "openapi.json").read_text())
    documented = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    equal(sorted(OPERATIONS), sorted(map(lower, documented)))
    equal(sorted(asked), sorted(documented - set(STREAMS)))
    print(f"{len(asked)} operations asked")


def main():
    operation()
    instruments()
    auction()
    limits()
    a1, b1 = posts()
    changes(a1)
    withdrawals()
    switch()
    trade = market_reads()
    deal = own_reads(a1, b1)
    tellings(a1, deal)
    moments(a1, b1, deal, trade)
    keys(a1)
    all_were_asked()


main()
