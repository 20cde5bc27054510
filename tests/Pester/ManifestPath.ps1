# The module that is under test: the one that ARTIFACTS_MODULE names, as installed from a package; else this checkout's.
if ($env:ARTIFACTS_MODULE) { $env:ARTIFACTS_MODULE }
else { (Resolve-Path ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Artifacts.psd1'))).Path }
