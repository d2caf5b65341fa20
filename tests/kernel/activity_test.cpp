#include "sim/kernel/activity.hpp"

#include "sim/kernel/check.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

std::vector<ActivityId> all_of(WaitQueue queue, Activities activities) {
  std::vector<ActivityId> order;
  while (!queue.empty()) order.push_back(queue.pop(activities));
  return order;
}

}  // namespace

TEST_CASE("a frame that is used again is as good as new", "[activity]") {
  Activities activities(3);
  const ActivityId first = activities.create(10), second = activities.create(20);
  activities[first].luck = 5;
  activities[first].cause = 6;
  activities.locals(first)[2] = 7;
  activities.locals(second)[0] = 8;
  activities.destroy(first);
  REQUIRE(activities.count() == 1);
  const ActivityId again = activities.create(30);
  REQUIRE(again == first);
  REQUIRE(activities[again].counter == 30);
  REQUIRE(activities[again].luck == 0);
  REQUIRE(activities[again].cause == 0);
  REQUIRE(activities[again].next == no_activity);
  REQUIRE(activities.locals(again)[2] == 0);
  REQUIRE(activities.locals(second)[0] == 8);
  REQUIRE(activities.capacity() == 2);
}

TEST_CASE("an activity ends once: ending it again is a bug that is said aloud", "[activity]") {
  Activities activities;
  const ActivityId activity = activities.create(0);
  activities.destroy(activity);
  CHECK_THROWS_AS(activities.destroy(activity), InternalError);
}

TEST_CASE("a wait queue is first come, first served, and gives up whoever leaves it", "[activity]") {
  Activities activities;
  WaitQueue queue;
  for (std::uint32_t n = 0; n < 4; ++n) queue.push(activities, activities.create(n));
  REQUIRE(all_of(queue, activities) == std::vector<ActivityId>{0, 1, 2, 3});
  SECTION("the first") {
    REQUIRE(queue.remove(activities, 0));
    REQUIRE(all_of(queue, activities) == std::vector<ActivityId>{1, 2, 3});
  }
  SECTION("one in the middle") {
    REQUIRE(queue.remove(activities, 2));
    REQUIRE(all_of(queue, activities) == std::vector<ActivityId>{0, 1, 3});
    REQUIRE(!queue.remove(activities, 2));
  }
  SECTION("the last, and then another comes") {
    REQUIRE(queue.remove(activities, 3));
    queue.push(activities, activities.create(4));
    REQUIRE(all_of(queue, activities) == std::vector<ActivityId>{0, 1, 2, 4});
  }
  SECTION("all of them, and then another comes") {
    for (const ActivityId activity : {1U, 0U, 3U, 2U}) REQUIRE(queue.remove(activities, activity));
    REQUIRE(queue.empty());
    queue.push(activities, 2);
    REQUIRE(all_of(queue, activities) == std::vector<ActivityId>{2});
  }
}
