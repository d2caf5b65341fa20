// What the broker tells, as frames.
#include <utility>

#include "fakes/wire/amqp/amqp_session.hpp"
#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/requests.hpp"

namespace premortem::fakes {

using namespace amqp;
using Kind = ClientEvent::Kind;

void AmqpSession::told(const ClientEvent& event, std::string_view properties, std::string_view body) {
  if (state_ != State::running) return;  // Whoever is being closed hears nothing more.
  switch (event.kind) {
    case Kind::connection_error:
      connected_ = false;
      send_close(0, event.code, event.text, method_of(event.request));
      state_ = State::closing;
      break;
    case Kind::cut:
      connected_ = false;
      end(Fate::closes);
      break;
    case Kind::blocked:
      alarm_ = event.text;
      return;
    case Kind::unblocked:
      alarm_.clear();
      if (!std::exchange(blocked_, false)) return;
      if (understands_blocked_) put_method(output_, 0, id::unblocked);
      break;
    default:
      told_on_channel(event, properties, body);
  }
  grew();
}

void AmqpSession::told_on_channel(const ClientEvent& event, std::string_view properties, std::string_view body) {
  const std::uint16_t number = event.channel;
  Channel& at = channel(number);
  if (at.state == Channel::State::closing) return;
  const auto answer = [&](std::uint32_t id, std::initializer_list<Value> values = {}) {
    put_method(output_, number, id, values);
  };
  switch (event.kind) {
    case Kind::delivered:
      answer(id::deliver,
             {Value(event.text), Value(event.tag), Value(event.redelivered), Value(event.exchange), Value(event.key)});
      return send_content(event, properties, body);
    case Kind::got:
      answer(id::get_ok,
             {Value(event.tag), Value(event.redelivered), Value(event.exchange), Value(event.key), Value(event.count)});
      return send_content(event, properties, body);
    case Kind::returned:
      answer(id::returned, {Value(event.code), Value(event.text), Value(event.exchange), Value(event.key)});
      return send_content(event, properties, body);
    case Kind::acked:
    case Kind::nacked:
      return send_confirm(at, event);
    case Kind::channel_opened:
      at.state = Channel::State::open;
      return answer(id::channel_open_ok);
    case Kind::channel_closed:
      if (at.state == Channel::State::unopened) return forget_channel(number);  // It was the broker that closed it.
      forget_channel(number);
      return answer(id::channel_close_ok);
    case Kind::channel_error:
      drop_content(at.content);
      at.state = Channel::State::closing;
      at.closed_by_model = true;
      return send_close(number, event.code, event.text, method_of(event.request));
    case Kind::exchange_declared:
      return answer(id::exchange_declare_ok);
    case Kind::exchange_deleted:
      return answer(id::exchange_delete_ok);
    case Kind::exchange_bound:
      return answer(id::exchange_bind_ok);
    case Kind::exchange_unbound:
      return answer(id::exchange_unbind_ok);
    case Kind::queue_declared:
      return answer(id::queue_declare_ok, {Value(event.text), Value(event.count), Value(event.consumers)});
    case Kind::queue_bound:
      return answer(id::queue_bind_ok);
    case Kind::queue_unbound:
      return answer(id::queue_unbind_ok);
    case Kind::queue_purged:
      return answer(id::queue_purge_ok, {Value(event.count)});
    case Kind::queue_deleted:
      return answer(id::queue_delete_ok, {Value(event.count)});
    case Kind::qos_set:
      return answer(id::qos_ok);
    case Kind::consuming:
      return answer(id::consume_ok, {Value(event.text)});
    case Kind::cancelled:
      return answer(id::cancel_ok, {Value(event.text)});
    case Kind::cancelled_by_us:
      if (understands_cancel_) answer(id::cancel, {Value(event.text), Value(1)});  // no-wait: RABBIT-025.
      return;
    case Kind::got_nothing:
      return answer(id::get_empty);
    case Kind::recovered:
      return answer(id::recover_ok);
    case Kind::confirming:
      return answer(id::confirm_select_ok);
    case Kind::tx_selected:
      return answer(id::tx_select_ok);
    case Kind::tx_committed:
      return answer(id::tx_commit_ok);
    case Kind::tx_rolled_back:
      return answer(id::tx_rollback_ok);
    case Kind::flowing:
      return answer(id::flow_ok, {Value(event.redelivered)});
    case Kind::connection_error:
    case Kind::blocked:
    case Kind::unblocked:
    case Kind::cut:
      return;  // Of the connection as a whole.
  }
}

/// Of those that publish, and only of those, RabbitMQ reads nothing more, whether or not they understand why.
void AmqpSession::wait_for_alarm() {
  if (alarm_.empty() || blocked_) return;
  blocked_ = true;
  if (understands_blocked_) put_method(output_, 0, id::blocked, {Value(alarm_)});
}

void AmqpSession::send_content(const ClientEvent& event, std::string_view properties, std::string_view body) {
  put_header(output_, event.channel, body.size(), properties,
             {event.added_headers, event.without_expiration, event.has_delivery_count, event.delivery_count,
              event.without_bcc, event.reply_to});
  put_body(output_, event.channel, body, frame_max_);
}

void AmqpSession::send_confirm(Channel& at, const ClientEvent& event) {
  const bool is_ack = event.kind == Kind::acked;
  const bool is_next = event.tag == at.confirmed_through + 1;
  // What the output ends with can speak for this one too, if between them nothing waits: the last octet before the
  // frame's end holds the bit `multiple`, the eight before it the tag.
  const bool joins = config_.join_confirms && is_ack && !event.multiple && is_next &&
                     last_ack_.channel == event.channel && last_ack_.tag == at.confirmed_through &&
                     last_ack_.end == output_.size() && last_ack_.end != 0;
  if (is_next || (event.multiple && event.tag > at.confirmed_through)) at.confirmed_through = event.tag;
  if (joins) {
    set_number(output_, output_.size() - 10, event.tag, 8);
    set_number(output_, output_.size() - 2, 1, 1);
  } else if (is_ack) {
    put_method(output_, event.channel, id::ack, {Value(event.tag), Value(event.multiple)});
  } else {
    // As RabbitMQ words it: nothing before it waits, so it speaks for all of them; `requeue` means nothing here. Behind
    // one whose confirm a fault rule has dropped, it speaks for itself alone.
    put_method(output_, event.channel, id::nack, {Value(event.tag), Value(is_next ? 1 : 0), Value(1)});
  }
  last_ack_ = is_ack ? LastAck{output_.size(), event.channel, event.tag} : LastAck{};
}

}  // namespace premortem::fakes
