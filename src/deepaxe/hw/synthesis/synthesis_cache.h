// SynthesisCache: cell counts by the content of what was synthesized, kept in a folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "deepaxe/hw/synthesis/cell_counts.h"

namespace deepaxe::hw::synthesis {

/// One small text file for each key. Several processes may share a folder: files are written aside
/// and renamed, and what a key names never changes.
class SynthesisCache {
 public:
  /// Made when the first counts are put.
  explicit SynthesisCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Throws base::InputError with file and line for a damaged file.
  std::optional<CellCounts> find(const std::string& key) const;
  /// Throws base::InputError for an unwritable folder.
  void put(const std::string& key, const CellCounts& counts) const;

 private:
  std::filesystem::path file_of(const std::string& key) const { return folder_ / (key + ".cells"); }
  std::filesystem::path folder_;
};

}  // namespace deepaxe::hw::synthesis
