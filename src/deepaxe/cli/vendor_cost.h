// The figures of vendor reports, as `cost --source vivado:FOLDER` shows them.
#pragma once

#include <filesystem>

#include "deepaxe/hw/cost/part.h"

namespace deepaxe::cli {

/// Prints what the reports in `folder` say of their design, each figure with its file, and whether
/// `part` can hold it. Throws base::InputError as hw::vendor::read_vendor_reports.
void print_vendor_cost(const std::filesystem::path& folder, const hw::cost::Part& part, bool json);

}  // namespace deepaxe::cli
