// Mutates the seeds of a target for a while: for targets that run a child process for every input,
// where libFuzzer sees no coverage. The input in work is kept on disk, for the one that ends us.
// usage: mutation_loop TARGET SECONDS FOLDER
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "all_targets.h"
#include "mutate.h"

namespace deepaxe::fuzz {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kMaxSecondsOfOneInput = 10;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this process and its children. Wall clock would blame an input for a busy machine.
double processor_seconds() {
  double seconds = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      seconds += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    }
  }
  return seconds;
}

// Not base::write_file_atomically: no input is worth the wait for the disk.
void write(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

const Target* find_target(std::string_view name) {
  for (const Target* target : kAllTargets) {
    if (target->name == name) return target;
  }
  return nullptr;
}

// Exit code: 1 if an input took too long. An input that crashes is found in `folder`.
int loop(const Target& target, double seconds, const std::filesystem::path& folder) {
  const std::filesystem::path current = folder / ("crash-" + std::string(target.name));
  const std::vector<Bytes> seeds = target.seeds();
  const auto start = Clock::now();
  // From another place each time: the wall clock chooses, the file is what repeats it.
  const auto first =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                                 std::chrono::milliseconds(1))
      << 24;
  std::uint64_t count = 0;
  double slowest = 0;
  for (; seconds_since(start) < seconds && slowest < kMaxSecondsOfOneInput; ++count) {
    const Bytes input = mutate(seeds, first + count);
    write(current, input);
    const double begin = processor_seconds();
    target.run(input);
    slowest = std::max(slowest, processor_seconds() - begin);
  }
  std::printf("#%llu DONE slowest: %.3f s\n", static_cast<unsigned long long>(count), slowest);
  if (slowest >= kMaxSecondsOfOneInput) return 1;
  std::filesystem::remove(current);
  return 0;
}

}  // namespace
}  // namespace deepaxe::fuzz

int main(int argc, char** argv) {
  const deepaxe::fuzz::Target* target = argc == 4 ? deepaxe::fuzz::find_target(argv[1]) : nullptr;
  if (target == nullptr) return 2;
  return deepaxe::fuzz::loop(*target, std::atof(argv[2]), argv[3]);
}
