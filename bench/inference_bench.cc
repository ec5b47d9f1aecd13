// Images a second of int8 networks: what tools/compare_speed_with_litert.py sets beside LiteRT.
// usage: inference_bench MODEL.tflite [SECONDS] [BATCH] [ASSIGNMENT] [THREADS]
// Prints one JSON line. Not a Google Benchmark: another program must be able to take turns with it.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "deepaxe/base/parallel.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/kernel/isa.h"

namespace deepaxe {
namespace {

std::vector<std::int8_t> random_codes(std::size_t size) {
  const base::CounterRng rng(1);
  std::vector<std::int8_t> codes(size);
  for (std::size_t i = 0; i < size; ++i) {
    codes[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
  }
  return codes;
}

struct Arguments {
  std::string file;
  double seconds = 1;
  int batch = 64;
  std::string assignment = "exact";
  int threads = 1;
};

void measure(const Arguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const engine::Int8Engine engine(frontend::tflite::read_tflite(arguments.file));
  const engine::Assignment assignment =
      engine::parse_assignment(arguments.assignment, engine.model());
  const auto images = random_codes(static_cast<std::size_t>(arguments.batch) * engine.node_size(0));
  engine.run_all(assignment, arguments.batch, images);  // Prepares what is kept.
  std::atomic<std::int64_t> batches = 0;
  std::chrono::duration<double> elapsed{};
  const Clock::time_point start = Clock::now();
  base::parallel_for(
      static_cast<std::size_t>(arguments.threads), arguments.threads, [&](std::size_t, int) {
        std::vector<std::vector<std::int8_t>> tensors;
        while (std::chrono::duration<double>(Clock::now() - start).count() < arguments.seconds) {
          engine.run_all_into(assignment, arguments.batch, images, tensors);
          ++batches;
        }
      });
  elapsed = Clock::now() - start;
  fmt::print(
      "{{\"images_per_second\": {:.1f}, \"batch\": {}, \"assignment\": \"{}\", "
      "\"isa\": \"{}\", \"threads\": {}}}\n",
      static_cast<double>(batches) * arguments.batch / elapsed.count(), arguments.batch,
      arguments.assignment, kernel::isa_name(kernel::active_isa()), arguments.threads);
}

}  // namespace
}  // namespace deepaxe

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr,
               "usage: inference_bench MODEL.tflite [SECONDS] [BATCH] [ASSIGNMENT] [THREADS]\n");
    return 2;
  }
  deepaxe::Arguments arguments{.file = argv[1]};
  if (argc > 2) arguments.seconds = std::atof(argv[2]);
  if (argc > 3) arguments.batch = std::atoi(argv[3]);
  if (argc > 4) arguments.assignment = argv[4];
  if (argc > 5) arguments.threads = std::atoi(argv[5]);
  try {
    deepaxe::measure(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "inference_bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
