#include "deepaxe/cli/data_folder.h"

#include <cstdlib>

#include "deepaxe/base/input_error.h"

namespace deepaxe::cli {

std::filesystem::path shipped_file(const std::filesystem::path& file) {
  const char* named = std::getenv("DEEPAXE_DATA");
  const std::filesystem::path folder = named != nullptr ? named : DEEPAXE_DATA_DIR;
  if (std::filesystem::exists(folder / file)) return folder / file;
  throw base::InputError({folder.string(), "", "no " + file.string(),
                          "the data folder of DeepAxe; set DEEPAXE_DATA to it"});
}

}  // namespace deepaxe::cli
