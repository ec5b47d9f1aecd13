#include "deepaxe/hw/synthesis/synthesis_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::synthesis {
namespace {

TEST(SynthesisCache, GivesBackWhatWasPutAndNamesADamagedFile) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("deepaxe-cells-" + std::to_string(getpid()));
  const SynthesisCache cache(folder / "below");
  EXPECT_EQ(cache.find("key"), std::nullopt);
  const CellCounts counts{.cells = {{"FDRE", 3}}, .lcs = 2};
  cache.put("key", counts);
  EXPECT_EQ(SynthesisCache(folder / "below").find("key"), counts);
  EXPECT_EQ(cache.find("other"), std::nullopt);
  base::write_file_atomically(folder / "below/key.cells", std::string_view("LCS"));
  EXPECT_THROW(cache.find("key"), base::InputError);
  std::filesystem::remove_all(folder);
}

TEST(SynthesisCache, AFolderThatCannotBeMadeIsRefused) {
  EXPECT_THROW(SynthesisCache("/dev/null/x").put("key", {}), base::InputError);
}

}  // namespace
}  // namespace deepaxe::hw::synthesis
