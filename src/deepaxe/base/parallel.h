// parallel_for: a loop over independent indices on a fixed number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace deepaxe::base {

/// Threads used where the caller says 0: those of the machine, at least 1.
int default_thread_count() noexcept;

/// Calls body(index, worker) once for each index in [0, count); worker is in [0, num_threads).
/// Indices are handed out in increasing order. Results must not depend on the worker: write to a
/// place owned by the index, or merge by integer sums. The first exception (lowest index that
/// threw) is rethrown after all threads have ended. num_threads 0 means default_thread_count().
void parallel_for(std::size_t count, int num_threads,
                  const std::function<void(std::size_t index, int worker)>& body);

}  // namespace deepaxe::base
