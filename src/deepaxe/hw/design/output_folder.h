// Output folder of a generator: written whole or not at all.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace deepaxe::hw::design {

/// File name (no folder part) to content.
using SourceFiles = std::map<std::string, std::string>;

/// Writes the files into `folder` through a sibling folder that is renamed at the end, so that a
/// failure leaves what was there before. An existing folder is replaced only if it is empty or
/// holds nothing but what a generator listed in its manifest (and make's `build`).
/// Throws base::InputError for any other folder, an unwritable place or a full disk.
void write_folder(const std::filesystem::path& folder, const SourceFiles& files);

/// Name of the manifest, which write_folder adds: a title line, then one file name per line.
inline constexpr const char* kManifestName = "generated.txt";

}  // namespace deepaxe::hw::design
