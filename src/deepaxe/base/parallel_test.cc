#include "deepaxe/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "deepaxe/base/progress.h"

namespace deepaxe::base {
namespace {

TEST(ParallelFor, CallsTheBodyOnceForEachIndexOnAKnownWorker) {
  for (const int num_threads : {1, 2, 7, 0}) {
    const int limit = num_threads == 0 ? default_thread_count() : num_threads;
    std::vector<int> calls(1000);
    std::atomic<bool> worker_known = true;
    parallel_for(calls.size(), num_threads, [&](std::size_t index, int worker) {
      ++calls[index];
      if (worker < 0 || worker >= limit) worker_known = false;
    });
    EXPECT_EQ(calls, std::vector<int>(1000, 1));
    EXPECT_TRUE(worker_known);
  }
}

TEST(ParallelFor, DoesNothingForNoIndices) {
  parallel_for(0, 4, [](std::size_t, int) { FAIL() << "called"; });
}

TEST(ParallelFor, RethrowsAnExceptionOfTheBody) {
  for (const int num_threads : {1, 3}) {
    try {
      parallel_for(100, num_threads, [](std::size_t index, int) {
        if (index >= 10) throw std::runtime_error("index " + std::to_string(index));
      });
      FAIL() << "the exception was lost";
    } catch (const std::runtime_error& error) {
      // Handed out in order: index 10 has begun before any later one fails.
      EXPECT_STREQ(error.what(), "index 10");
    }
  }
}

TEST(Progress, IsSilentWithoutATerminalAndSafeFromManyThreads) {
  testing::internal::CaptureStderr();
  {
    Progress progress("images", 1000, "images", false);
    parallel_for(1000, 4, [&](std::size_t, int) { progress.add(1); });
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace deepaxe::base
