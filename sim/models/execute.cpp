// Which function carries out which operation.

#include "sim/kernel/check.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

/// In a file of its own, and every case only calls: so the compiler makes one jump of it. This is passed five times an
/// event.
Flow Machine::execute(ActivityId self, Instruction i) {
  switch (i.operation) {
    case operation::filter:
      return do_filter(self, i);
    case operation::jump_unless:
      return do_jump_unless(self, i);
    case operation::wait_until:
      return do_wait_until(self, i);
    case operation::work:
      return do_work(self, i);
    case operation::enter_scope:
      return do_enter_scope(self, i);
    case operation::leave_scope:
      return do_leave_scope(self, i);
    case operation::before_operation:
      return do_before_operation(self, i);
    case operation::after_operation:
    case operation::confirmed:
      return do_after_operation(self, i);
    case operation::begin_transaction:
      return do_begin_transaction(self, i);
    case operation::commit_transaction:
      return do_commit_transaction(self, i);
    case operation::find:
      return do_find(self, i);
    case operation::insert:
      return do_insert(self, i);
    case operation::update:
      return do_update(self, i);
    case operation::claim:
      return do_claim(self, i);
    case operation::remove:
      return do_remove(self, i);
    case operation::call:
      return do_call(self, i);
    case operation::called:
      return do_called(self, i);
    case operation::reply:
      return do_reply(self, i);
    case operation::publish:
      return do_publish(self, i);
    case operation::send_item:
      return do_send(self, i);
    case operation::redrive:
      return do_redrive(self, i);
    case operation::mark:
      return do_mark(self, i);
    case operation::finish:
      return do_finish(self, i);
    case operation::raise:
      return do_raise(self, i);
    case operation::settle_by_hand:
      return do_settle_by_hand(self, i);
    case operation::each_begin:
      return do_each_begin(self, i);
    case operation::each_next:
      return do_each_next(self, i);
    case operation::begin_call:
      return do_begin_call(self, i);
    case operation::take_worker:
      return do_take_worker(self, i);
    case operation::end_call:
      return do_end_call(self, i);
    case operation::receive_message:
      return do_receive_message(self, i);
    case operation::settle_message:
      return do_settle_message(self, i);
    case operation::fetch_event:
      return do_fetch_event(self, i);
    case operation::commit_event:
      return do_commit_event(self, i);
    case operation::await_firing:
      return do_await_firing(self, i);
    case operation::end_run:
      return do_end_run(self, i);
    case operation::arrive:
      return do_arrive(self, i);
    case operation::late_arrival:
      return do_late_arrival(self, i);
    case operation::await_step:
      return do_await_step(self, i);
    case operation::only_if_step:
      return do_only_if_step(self, i);
    case operation::step_done:
      return do_step_done(self, i);
    case operation::set:
      return do_set(self, i);
    case operation::control:
      return do_control(self, i);
    case operation::run_job:
      return do_run_job(self, i);
    case operation::crash:
      return do_crash(self, i);
    case operation::replay_begin:
      return do_replay_begin(self, i);
    case operation::replay_next:
      return do_replay_next(self, i);
    case operation::notice:
      return do_notice(self, i);
    case operation::inject_fault:
      return do_inject_fault(self, i);
    case operation::watch_monitor:
      return do_watch_monitor(self, i);
    case operation::observe_check:
      return do_observe_check(self, i);
    case operation::poll_probes:
      return do_poll_probes(self, i);
    case operation::reap_transactions:
      return do_reap_transactions(self, i);
    case operation::expire_messages:
      return do_expire_messages(self, i);
    case operation::expire_events:
      return do_expire_events(self, i);
    case operation::restart_component:
      return do_restart_component(self, i);
    case operation::advance_clients:
      return do_advance_clients(self, i);
    case operation::commit_offsets:
      return do_commit_offsets(self, i);
    case operation::step_down:
      return do_step_down(self, i);
    case operation::elect:
      return do_elect(self, i);
    case operation::acknowledge:
      return do_acknowledge(self, i);
    default:
      PREMORTEM_CHECK(false, "an operation that no machine knows");
      return Flow::ended;
  }
}

}  // namespace premortem
