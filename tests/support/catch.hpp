#pragma once
// Finds Catch2 v3 or v2. Keep to TEST_CASE, SECTION, GENERATE, REQUIRE, CHECK, CHECK_THROWS_AS, which both have.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
