"""pika, the blocking connection: the client of most Python programs that use RabbitMQ. PREMORTEM_AMQP_URL says which broker."""

import os
import socket
import unittest
import uuid

import pika
from pika import exceptions

URL = os.environ["PREMORTEM_AMQP_URL"]
RUN = uuid.uuid4().hex[:8]
MEBIBYTE = b"abcdefgh" * (1 << 17)


def connect(**changes):
    parameters = pika.URLParameters(URL)
    for name, value in changes.items():
        setattr(parameters, name, value)
    return pika.BlockingConnection(parameters)


class Client(unittest.TestCase):
    def setUp(self):
        self.made = []
        self.connection = connect()
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        self.queue = self.declare("q")

    def tearDown(self):
        if self.connection.is_open:
            self.connection.close()
        cleaner = connect()
        channel = cleaner.channel()
        for name in self.made:
            channel.queue_delete(name)
            channel.exchange_delete(name)
        cleaner.close()

    def name(self, what):
        self.made.append(f"clients.{RUN}.pika.{self._testMethodName}.{what}")
        return self.made[-1]

    def declare(self, what, **options):
        name = self.name(what)
        self.channel.queue_declare(name, **{"durable": True, **options})
        return name

    def publish(self, queue, body, **options):
        properties = pika.BasicProperties(**options)
        self.channel.basic_publish("", queue, body, properties, mandatory=True)

    def take(self, queue, count, channel=None, **options):
        """So many deliveries of a new consumer, which is left running."""
        taken = []
        for delivery in (channel or self.channel).consume(queue, inactivity_timeout=10, **options):
            self.assertIsNotNone(delivery[0], "nothing was delivered in 10 s")
            taken.append(delivery)
            if len(taken) == count:
                return taken
        raise AssertionError("the consumer was cancelled")

    def refused(self, code, text, call, *args, **options):
        with self.assertRaises(exceptions.ChannelClosedByBroker) as caught:
            call(*args, **options)
        self.assertEqual(caught.exception.reply_code, code)
        self.assertIn(text, caught.exception.reply_text)

    def test_publish_consume_ack(self):
        self.publish(self.queue, b"one", delivery_mode=2, headers={"tries": 1, "who": "cron"}, message_id="m1")
        [(method, properties, body)] = self.take(self.queue, 1)
        self.assertEqual((body, method.redelivered, method.routing_key), (b"one", False, self.queue))
        self.assertEqual((properties.headers, properties.message_id, properties.delivery_mode),
                         ({"tries": 1, "who": "cron"}, "m1", 2))
        self.channel.basic_ack(method.delivery_tag)
        self.channel.cancel()
        self.assertEqual(self.channel.queue_declare(self.queue, passive=True).method.message_count, 0)

    def test_unroutable_mandatory_is_returned(self):
        with self.assertRaises(exceptions.UnroutableError) as caught:
            self.publish(self.name("nobody"), b"x")
        [returned] = caught.exception.messages
        self.assertEqual((returned.method.reply_code, returned.method.reply_text, returned.body), (312, "NO_ROUTE", b"x"))

    def test_full_queue_nacks(self):
        full = self.declare("full", arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
        self.publish(full, b"1")
        self.assertRaises(exceptions.NackError, self.publish, full, b"2")

    def test_nack_requeue_comes_again_first(self):
        self.publish(self.queue, b"A")
        self.publish(self.queue, b"B")
        self.channel.basic_qos(prefetch_count=1)
        [(first, _, _)] = self.take(self.queue, 1)
        self.channel.basic_nack(first.delivery_tag, requeue=True)
        [(again, _, body)] = self.take(self.queue, 1)
        self.assertEqual((body, again.redelivered), (b"A", True))
        self.channel.basic_ack(again.delivery_tag)
        [(following, _, body)] = self.take(self.queue, 1)
        self.assertEqual((body, following.redelivered), (b"B", False))

    def test_prefetch_limits_what_is_in_flight(self):
        for body in (b"1", b"2", b"3"):
            self.publish(self.queue, body)
        self.channel.basic_qos(prefetch_count=2)
        first, _ = self.take(self.queue, 2)
        self.assertEqual(self.channel.queue_declare(self.queue, passive=True).method.message_count, 1)
        self.channel.basic_ack(first[0].delivery_tag)
        self.assertEqual(self.take(self.queue, 1)[0][2], b"3")

    def test_dead_letter_tells_why(self):
        exchange, dead = self.name("dlx"), self.declare("dead")
        self.channel.exchange_declare(exchange, "fanout")
        self.channel.queue_bind(dead, exchange)
        work = self.declare("work", arguments={"x-dead-letter-exchange": exchange})
        self.publish(work, b"poison")
        method, _, _ = self.channel.basic_get(work)
        self.channel.basic_reject(method.delivery_tag, requeue=False)
        [(_, properties, _)] = self.take(dead, 1)
        [death] = properties.headers["x-death"]
        self.assertIsNotNone(death.pop("time"))
        self.assertEqual(death, {"count": 1, "reason": "rejected", "queue": work, "exchange": "", "routing-keys": [work]})
        self.assertEqual(properties.headers["x-first-death-reason"], "rejected")

    def test_expired_is_dead_lettered(self):
        dead = self.declare("dead")
        wait = self.declare("wait", arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead})
        self.publish(wait, b"late", expiration="20")
        [(_, properties, _)] = self.take(dead, 1)
        self.assertIsNone(properties.expiration)
        self.assertEqual(properties.headers["x-death"][0]["original-expiration"], "20")

    def test_priorities(self):
        urgent = self.declare("urgent", arguments={"x-max-priority": 5})
        for priority in (1, 5, 9, 3):
            self.publish(urgent, str(priority).encode(), priority=priority)
        self.assertEqual([body for _, _, body in self.take(urgent, 4)], [b"5", b"9", b"3", b"1"])

    def test_cut_connection_redelivers(self):
        for body in (b"0", b"1"):
            self.publish(self.queue, body)
        cut = connect()
        self.take(self.queue, 2, cut.channel())
        cut._impl._transport._sock.shutdown(socket.SHUT_RDWR)  # pika has no other way to leave without a word.
        taken = [(body, method.redelivered) for method, _, body in self.take(self.queue, 2)]
        self.assertEqual(taken, [(b"0", True), (b"1", True)])

    def test_transaction(self):
        channel = self.connection.channel()
        channel.tx_select()
        channel.basic_publish("", self.queue, b"rolled back")
        channel.tx_rollback()
        channel.basic_publish("", self.queue, b"committed")
        self.assertEqual(self.channel.basic_get(self.queue), (None, None, None))
        channel.tx_commit()
        self.assertEqual(self.channel.basic_get(self.queue, auto_ack=True)[2], b"committed")
        self.assertEqual(self.channel.basic_get(self.queue), (None, None, None))

    def test_large_and_empty_bodies(self):
        self.publish(self.queue, MEBIBYTE)
        self.publish(self.queue, b"")
        self.assertEqual([body for _, _, body in self.take(self.queue, 2)], [MEBIBYTE, b""])

    def test_deleted_queue_cancels_its_consumer(self):
        cancelled = []
        self.channel.add_on_cancel_callback(cancelled.append)
        tag = self.channel.basic_consume(self.queue, lambda *_: None)
        self.connection.channel().queue_delete(self.queue)
        self.connection.process_data_events(time_limit=1)
        self.assertEqual([frame.method.consumer_tag for frame in cancelled], [tag])

    def test_missing_queue(self):
        self.refused(404, f"NOT_FOUND - no queue '{self.name('nope')}' in vhost '/'",
                     self.channel.queue_declare, self.made[-1], passive=True)

    def test_missing_exchange(self):
        nope = self.name("nope")
        self.refused(404, f"NOT_FOUND - no exchange '{nope}' in vhost '/'", self.channel.basic_publish, nope, "key", b"x")

    def test_inequivalent_argument(self):
        self.refused(406, f"PRECONDITION_FAILED - inequivalent arg 'durable' for queue '{self.queue}' in vhost '/': "
                          "received 'false' but current is 'true'", self.channel.queue_declare, self.queue)

    def test_exclusive_queue_of_another(self):
        owner, locked = connect(), self.name("locked")
        owner.channel().queue_declare(locked, exclusive=True)
        self.refused(405, f"RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '{locked}' in vhost '/'.",
                     self.channel.queue_declare, locked, passive=True)
        owner.close()

    def test_second_ack(self):
        self.publish(self.queue, b"x")
        method, _, _ = self.channel.basic_get(self.queue)
        self.channel.basic_ack(method.delivery_tag)
        self.channel.basic_ack(method.delivery_tag)
        self.refused(406, "PRECONDITION_FAILED - unknown delivery tag 1", self.channel.queue_declare, self.queue, passive=True)

    def test_wrong_password(self):
        with self.assertRaises(exceptions.ProbableAuthenticationError) as caught:
            connect(credentials=pika.PlainCredentials("guest", "wrong"))
        self.assertIn("ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. "
                      "For details see the broker logfile.", str(caught.exception))

    def test_unknown_vhost(self):
        with self.assertRaises(exceptions.ProbableAccessDeniedError) as caught:
            connect(virtual_host="nope")
        self.assertIn("(530) 'NOT_ALLOWED - vhost nope not found'", str(caught.exception))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
