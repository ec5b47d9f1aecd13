// Text helpers of messages: nearest known names, joining.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deepaxe::base {

/// Levenshtein distance, ignoring ASCII case.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Up to `count` known names, nearest first (ties in the given order).
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t count = 3);

/// The parts between commas that stand in no parentheses, blanks around them cut off: "bam(1,3), b"
/// has two. An empty text has one empty part.
std::vector<std::string_view> split_items(std::string_view text);

/// Without blanks and tabs at both ends.
std::string_view trim(std::string_view text);

/// Columns aligned to the left, two spaces between them, none at the end of a line; lines end in
/// '\n'. Rows may have different lengths.
std::string align_columns(std::span<const std::vector<std::string>> rows);

/// `text` with every `what`, which is not empty, replaced by `by`; not in what was put in.
std::string replaced(std::string_view text, std::string_view what, std::string_view by);

std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace deepaxe::base
