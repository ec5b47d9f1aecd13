#include "deepaxe/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace deepaxe::base {
namespace {

// The exception of the lowest index, so that a failure does not depend on the schedule.
class FirstFailure {
 public:
  void record(std::size_t index) {
    const std::scoped_lock lock(mutex_);
    if (exception_ && index_ < index) return;
    index_ = index;
    exception_ = std::current_exception();
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::mutex mutex_;
  std::size_t index_ = 0;
  std::exception_ptr exception_;
};

}  // namespace

int default_thread_count() noexcept {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(std::size_t count, int num_threads,
                  const std::function<void(std::size_t index, int worker)>& body) {
  if (num_threads <= 0) num_threads = default_thread_count();
  const std::size_t workers = std::min(count, static_cast<std::size_t>(num_threads));
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  FirstFailure failure;
  const auto work = [&](int worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t index = next.fetch_add(1);
      if (index >= count) return;
      try {
        body(index, worker);
      } catch (...) {
        failure.record(index);
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < workers; ++i) threads.emplace_back(work, static_cast<int>(i));
    work(0);
  }
  failure.rethrow();
}

}  // namespace deepaxe::base
