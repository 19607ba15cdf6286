"""List the packages in uv.lock that have a source distribution but no wheel for Linux."""

import tomllib

with open("uv.lock", "rb") as file:
    packages = tomllib.load(file)["package"]
for package in packages:
    wheels = [wheel["url"] for wheel in package.get("wheels", [])]
    if "sdist" in package and not any("linux" in url or "-any." in url for url in wheels):
        print(package["name"])
