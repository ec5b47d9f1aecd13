#include "deepaxe/hw/synthesis/synthesis_cache.h"

#include <system_error>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::synthesis {

std::optional<CellCounts> SynthesisCache::find(const std::string& key) const {
  const std::filesystem::path file = file_of(key);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  const std::vector<std::byte> bytes = base::read_file(file);
  return parse_counts({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file.string());
}

void SynthesisCache::put(const std::string& key, const CellCounts& counts) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) {
    throw base::InputError({folder_.string(), "", error.message(), "a folder that can be written"});
  }
  base::write_file_atomically(file_of(key), to_text(counts));
}

}  // namespace deepaxe::hw::synthesis
