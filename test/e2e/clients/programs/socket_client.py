"""A round of everything over a WebSocket, by Python's websockets, beside the same streams as server-sent events.

    python3 socket_client.py URL KEYS

KEYS are keys by whose they are, as JSON. The server is new, and has keys. Whatever comes is compared by value; the first thing that
differs ends the program with a traceback. In the end every request, command and message of the AsyncAPI document has been sent or has
come, but for those in LEFT_OUT.
"""
import contextlib
import datetime
import itertools
import json
import pathlib
import sys
import urllib.error
import urllib.request

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "examples/order-book"))
from order_book import Book

URL, KEYS = sys.argv[1], json.loads(sys.argv[2])
SOCKET = URL.replace("http", "ws", 1) + "/v1/ws"
PATIENCE_S = 60
LEFT_OUT = {
    "own.released": "a handshake comes to nothing only between shards, or by a crash",
    "ended": "a subscription ends alone only where its reader is too slow, or its log cannot be followed",
}

sent, came = set(), set()
connections = contextlib.ExitStack()


def equal(found, expected):
    assert found == expected, f"\n  found    {found}\n  expected {expected}"


def has(found, **fields):
    """That it has these values among its own. Gives it back."""
    equal({name: found.get(name) for name in fields}, fields)
    return found


def by_key(key):
    return {} if key is None else {"Authorization": f"Bearer {KEYS[key]}"}


def http(method, path, key, body=None):
    headers = {**by_key(key), "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers, method=method), timeout=PATIENCE_S) as answer:
        return json.load(answer)


def server_sent(path, key, count):
    """The data of the first messages of a stream, the ones that say how far it is left out."""
    with urllib.request.urlopen(urllib.request.Request(URL + path, headers=by_key(key)), timeout=PATIENCE_S) as stream:
        data = (json.loads(line[6:]) for line in stream if line.startswith(b"data: "))
        return list(itertools.islice((each for each in data if each["type"] != "upTo"), count))


class Connection:
    """One WebSocket. Messages of streams are kept, by channel, while an answer is waited for."""

    def __init__(self, key=None):
        # What is told is read when it is wanted, so nothing may be made of what waits.
        patient = {"ping_interval": None, "max_queue": None}
        self.socket = connections.enter_context(connect(SOCKET, additional_headers=by_key(key), **patient))
        self.ids = itertools.count(1)
        self.told = {}

    def ask(self, verb, value):
        sent.add(f"request.{verb}")
        if verb == "command":
            sent.add(value.get("command", "post"))
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, verb: value}))
        return has(self.answer(), id=number)

    def answer(self):
        while "channel" in (message := self.receive()):
            pass
        came.add("answer")
        return message

    def receive(self):
        message = json.loads(self.socket.recv(timeout=PATIENCE_S))
        if "channel" in message:
            channel, kind = message["channel"], "event" if message["channel"] == "events" else message["type"]
            came.add(f"{channel}.{kind}")
            self.told.setdefault(channel, []).append(message)
        return message

    def done(self, command, status=200):
        return has(self.ask("command", command), status=status)["body"]

    def refused(self, verb, value, code, status):
        return problem(self.ask(verb, value), code, status)

    def until(self, channel, is_it):
        """The first message of a channel of which that is true; waits for it."""
        told = self.told.setdefault(channel, [])
        for index in itertools.count():
            try:
                while len(told) <= index:
                    self.receive()
            except TimeoutError:
                raise AssertionError(f"{channel} did not tell it, but {told}") from None
            if is_it(told[index]):
                return told[index]

    def own(self, kind, **fields):
        return self.until("own", lambda message: message["type"] == kind and fields.items() <= message.items())

    def closed(self):
        """The code with which the server closes it."""
        try:
            while True:
                self.receive()
        except ConnectionClosed as end:
            return end.rcvd.code


def problem(answer, code, status):
    has(answer, status=status)
    return has(answer["body"], code=code, status=status)


def post(client_id, side, price, quantity, **others):
    return {"clientIntentionId": client_id, "instrument": "ACME", "side": side, "price": price, "quantity": quantity, **others}


def in_a_second():
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
    return then.isoformat(timespec="milliseconds")


def opening():
    """By a header, and by a first message; not without a key, and not with another."""
    alice = Connection("alice")
    bob = Connection()
    has(bob.ask("authenticate", {"key": KEYS["bob"]}), status=200, body={"role": "participant", "participant": "bob"})
    equal(Connection().ask("authenticate", {"key": "no-such-key"})["body"]["code"], "UNAUTHENTICATED")
    try:
        with connect(SOCKET, additional_headers={"Authorization": "Bearer no-such-key"}):
            raise AssertionError("a key that there is not opened a WebSocket")
    except InvalidStatus as refusal:
        equal([refusal.response.status_code, json.loads(refusal.response.body)["code"]], [401, "UNAUTHENTICATED"])
    return alice, bob


def subscribe(connection, **wish):
    has(connection.ask("subscribe", wish), status=200, body={name: wish[name] for name in wish if name not in ("from", "after", "rate")})


def trade(alice, bob):
    """Each command. Leaves a-1 with 20 at 10.20 and nothing else."""
    a1 = alice.done(post("a-1", "buy", "10.25", "100"), status=201)
    has(a1, status="open", participant="alice", open="100", deals=[])
    equal(alice.done(post("a-1", "buy", "10.25", "100", command="post"), status=201), a1)
    b1 = has(bob.done(post("b-1", "sell", "10.20", "40"), status=201), status="filled", averagePrice="10.25")
    equal([(deal["price"], deal["quantity"]) for deal in b1["deals"]], [("10.25", "40")])
    reduce = {"command": "reduce", "id": a1["id"], "by": "10", "clientCommandId": "c-1"}
    has(alice.done(reduce), status="open", open="50", filled="40")
    equal(alice.done(reduce)["open"], "50")
    by_client_id = {"command": "replace", "clientIntentionId": "a-1"}
    has(alice.done({**by_client_id, "price": "10.20"}), open="50")
    has(alice.done({**by_client_id, "quantity": "20"}), open="20")
    alice.done(post("a-2", "sell", "90.00", "5"), status=201)
    for _ in range(2):
        has(alice.done({"command": "withdraw", "clientIntentionId": "a-2"}), status="withdrawn", closedReason="requested")
    alice.done(post("a-3", "sell", "90.00", "5"), status=201)
    gone = has(alice.done({"command": "withdrawAll", "side": "sell"}), withdrawn=1)
    equal([each["clientIntentionId"] for each in gone["intentions"]], ["a-3"])
    alice.done(post("a-4", "buy", "1.00", "5", timeInForce="gtd", expiresAt=in_a_second()), status=201)
    alice.own("expired", clientIntentionId="a-4", open="0", filled="0")
    return a1, b1


def switch_and_limits(bob):
    subscribe(bob, channel="own", **{"from": 0})
    has(bob.done({"command": "switch", "withinMs": 1_000}), participant="bob", withinMs=1_000)
    bob.own("switchSet", withinMs=1_000)
    bob.own("switchLapsed")
    has(bob.done({"command": "switch", "withinMs": 0}), withinMs=0)
    http("PUT", "/v1/limits/bob", "operator", {"halted": True})
    bob.own("limitsSet", halted=True)
    bob.refused("command", post("b-2", "sell", "90.00", "1"), "HALTED", 409)
    bob.own("refused", clientIntentionId="b-2", code="HALTED")
    http("PUT", "/v1/limits/bob", "operator", {})
    bob.own("limitsSet", halted=False)


def own_affairs(alice, a1, b1):
    last = alice.own("upTo")
    deal = b1["deals"][0]["id"]
    alice.own("reserved", id=a1["id"], deal=deal, reserved="40", open="100")
    alice.own("dealt", deal=deal, side="buy", price="10.25", quantity="40", takerSide="sell", counterparty="bob")
    alice.own("amended", clientIntentionId="a-1", price="10.20", open="50")
    alice.own("withdrawn", clientIntentionId="a-2", reason="requested", status="withdrawn")
    told = [message for message in alice.told["own"] if message["type"] != "upTo"]
    kinds = ["posted", "reserved", "dealt", "reduced", "amended", "reduced", "posted", "withdrawn", "posted", "withdrawn", "posted", "expired"]
    equal([message["type"] for message in told], kinds)
    equal(server_sent("/v1/own/stream?from=0", "alice", len(told)), told)
    assert last["position"] > 0, "it says how far it is"


def market_data(market, a1):
    """The book is checked against its checksums with each message, and with what HTTP shows."""
    book, shown = Book(), http("GET", "/v1/book/ACME", "marketData")
    is_shown = lambda message: message["checksum"] == shown["checksum"] and message["position"] > a1["position"]
    market.until("book", lambda message: applied(book, message) and is_shown(message))
    equal([book.bids, book.asks], [{level["price"]: level["quantity"] for level in shown[side]} for side in ("bids", "asks")])
    equal(book.bids, {"10.20": "20"})
    trade = market.until("trades", lambda message: True)
    has(trade, instrument="ACME", price="10.25", quantity="40", takerSide="sell")
    equal(server_sent("/v1/trades/ACME/stream?from=0", "marketData", 1), [trade])
    ticker = {"last": "10.25", "volume": "40", "deals": 1, "bestBid": "10.20"}
    market.until("ticker", lambda message: ticker.items() <= message.items())
    equal(server_sent("/v1/book/ACME/stream", "marketData", 1)[0]["checksum"], shown["checksum"])
    has(server_sent("/v1/ticker/ACME/stream", "marketData", 1)[0], **ticker)


def applied(book, message):
    book.apply(message)
    return True


def resumed_and_ended(market, bob):
    """A stream of trades goes on after what is known; a book begins again; what was unsubscribed from comes no more."""
    first = market.told["trades"][0]
    wish = {"channel": "book", "instrument": "ACME"}
    market.refused("subscribe", wish, "INVALID_COMMAND", 400)
    for channel in ("book", "trades", "ticker"):
        has(market.ask("unsubscribe", {"channel": channel, "instrument": "ACME"}), status=200)
    market.refused("unsubscribe", wish, "INVALID_COMMAND", 400)
    deals = bob.done(post("b-3", "sell", "10.20", "5"), status=201)["deals"]
    equal([deal["quantity"] for deal in deals], ["5"])
    market.told.clear()
    subscribe(market, channel="trades", instrument="ACME", after=first["position"])
    has(market.until("trades", lambda message: True), position=deals[0]["position"], quantity="5", price="10.20")
    subscribe(market, **wish)
    has(market.until("book", lambda message: True), type="snapshot", bids=[{"price": "10.20", "quantity": "15", "intentions": 1}])
    assert "ticker" not in market.told, "what was unsubscribed from comes no more"


def events(operator):
    head = operator.until("events", lambda event: event["type"] == "IntentionPosted" and event["clientIntentionId"] == "b-3")
    told = operator.told["events"][: head["position"] + 1]
    equal([event["position"] for event in told], list(range(head["position"] + 1)))
    equal([{"channel": "events", **event} for event in server_sent("/v1/events?from=0", "operator", len(told))], told)


def refusals(alice, market, a1):
    """What is wrong about a message is its answer, and the connection stays."""
    for text, number, code in (
        ("{", None, "MALFORMED_JSON"),
        ('{"id":1,"id":1,"ping":{}}', None, "MALFORMED_JSON"),
        ("[]", None, "INVALID_COMMAND"),
        ('{"ping":{}}', None, "INVALID_COMMAND"),
        ('{"id":"x","pong":{}}', "x", "INVALID_COMMAND"),
    ):
        alice.socket.send(text)
        problem(has(alice.answer(), id=number), code, 400)
    none = {"command": "withdraw", "clientIntentionId": "none"}
    alice.refused("command", none, "UNKNOWN_INTENTION", 404)
    alice.refused("command", post("a-1", "buy", "10.25", "99"), "CLIENT_ID_REUSED", 409)
    alice.refused("command", post("x-1", "buy", "10.26", "1"), "PRICE_OFF_TICK", 422)
    alice.refused("command", post("x-1", "buy", "10.25", "1", instrument="NONE"), "UNKNOWN_INSTRUMENT", 404)
    alice.refused("command", post("x-1", "buy", "10.25", "1", participant="bob"), "FORBIDDEN", 403)
    alice.refused("command", post("x-1", "buy", "10.25", "1", validUntil="2001-01-01T00:00:00Z"), "TOO_LATE", 409)
    alice.refused("command", {"command": "reduce", "id": a1["id"], "by": "1000"}, "NOT_LESS", 409)
    alice.refused("subscribe", {"channel": "events"}, "FORBIDDEN", 403)
    alice.refused("subscribe", {"channel": "trades", "instrument": "ACME", "after": 1_000_000}, "POSITION_AHEAD", 409)
    market.refused("command", post("x-1", "buy", "10.25", "1"), "FORBIDDEN", 403)
    market.refused("subscribe", {"channel": "own"}, "FORBIDDEN", 403)
    for connection in (alice, market):
        has(connection.ask("ping", {}), status=200, body={})


def closings():
    """What no message may be closes the connection, with a code."""
    for message, code in ((b"{}", 1003), ("x" * 70_000, 1009)):
        connection = Connection("alice")
        connection.socket.send(message)
        equal(connection.closed(), code)


def departure(bob):
    """What bob has open is withdrawn as his connection ends, and nothing of alice's."""
    has(bob.ask("withdrawOnDisconnect", True), status=200, body={"participants": ["bob"]})
    b4 = bob.done(post("b-4", "sell", "95.00", "7"), status=201)
    watch = Connection("bob")
    subscribe(watch, channel="own", **{"from": b4["position"]})
    bob.socket.close()
    watch.own("withdrawn", clientIntentionId="b-4", reason="disconnected", status="withdrawn")
    has(http("GET", f"/v1/intentions/{b4['id']}", "bob"), status="withdrawn", closedReason="disconnected")
    equal([each["open"] for each in http("GET", "/v1/intentions?status=open", "alice")["intentions"]], ["15"])


def all_was_said():
    document = http("GET", "/asyncapi.json", None)["components"]["messages"]
    commands = document["request.command"]["payload"]["properties"]["command"]["oneOf"]
    names = {command["properties"]["command"]["enum"][0] for command in commands}
    requests = {name for name in document if name.startswith("request.")}
    equal(sorted(sent), sorted(requests | names))
    equal(sorted(came), sorted(set(document) - requests - set(LEFT_OUT)))
    print(f"{len(sent)} requests and commands, {len(came)} messages")


def main():
    http("PUT", "/v1/instruments/ACME", "operator", {"tickSize": "0.05", "lotSize": "1"})
    alice, bob = opening()
    market, operator = Connection("marketData"), Connection("operator")
    subscribe(market, channel="book", instrument="ACME", rate="batch")
    subscribe(market, channel="trades", instrument="ACME")
    subscribe(market, channel="ticker", instrument="ACME")
    subscribe(alice, channel="own", **{"from": 0})
    subscribe(operator, channel="events", **{"from": 0})
    a1, b1 = trade(alice, bob)
    own_affairs(alice, a1, b1)
    market_data(market, a1)
    switch_and_limits(bob)
    resumed_and_ended(market, bob)
    events(operator)
    refusals(alice, market, a1)
    closings()
    departure(bob)
    all_was_said()


with connections:
    main()
