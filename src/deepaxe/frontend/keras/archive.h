// Archive: the members of a .keras file, which is a zip.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace deepaxe::frontend::keras {

bool looks_like_zip(std::span<const std::byte> bytes) noexcept;

/// The content of member `name` of the zip in `bytes`; nothing if there is no such member.
/// Throws InputError naming `file` for a damaged zip or member.
std::optional<std::vector<std::byte>> read_zip_member(std::span<const std::byte> bytes,
                                                      const std::string& name,
                                                      const std::string& file);

}  // namespace deepaxe::frontend::keras
