// Writes the seeds of every target into a folder of its name. usage: make_corpus FOLDER
#include <filesystem>
#include <string>

#include "all_targets.h"
#include "deepaxe/base/file.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  for (const deepaxe::fuzz::Target* target : deepaxe::fuzz::kAllTargets) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / target->name;
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const deepaxe::fuzz::Bytes& seed : target->seeds()) {
      deepaxe::base::write_file_atomically(folder / ("seed" + std::to_string(number++)), seed);
    }
  }
}
