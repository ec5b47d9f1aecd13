// The figures of vendor reports, as `cost --source vivado:FOLDER` shows them.
#pragma once

#include <filesystem>

#include "deepaxe/cli/command.h"
#include "deepaxe/hw/cost/part.h"

namespace deepaxe::cli {

/// Prints what the reports in `folder` say of their design, each figure with its file, and whether
/// `part` can hold it; if that is null, the part of the device that the reports name, and nothing
/// if it is not in our table. Remarks that `part` is not the device's. Throws base::InputError as
/// hw::vendor::read_vendor_reports.
void print_vendor_cost(const std::filesystem::path& folder, const hw::cost::Part* part,
                       const CommonOptions& common);

}  // namespace deepaxe::cli
