// tar: the members of an archive in memory. Source: POSIX.1-2017, pax, "ustar Interchange Format".
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace deepaxe::dataset {

/// The regular files, by the last part of their names (so that no path can leave a folder); links,
/// folders and extended headers are passed over. Throws InputError, naming `archive` and the byte,
/// if a header's checksum is wrong or the archive ends inside a member.
std::map<std::string, std::vector<std::byte>> read_tar(std::span<const std::byte> bytes,
                                                       const std::string& archive);

}  // namespace deepaxe::dataset
