// The variables that say where a container's credentials are.
#pragma once

namespace tinyaws {

constexpr char kContainerRelativeUri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr char kContainerFullUri[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr char kContainerToken[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr char kContainerTokenFile[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

}  // namespace tinyaws
