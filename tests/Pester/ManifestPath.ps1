# Returns the manifest of the module under test: that of ARTIFACTS_MODULE, or else that of this checkout.
if ($env:ARTIFACTS_MODULE) { $env:ARTIFACTS_MODULE }
else { (Resolve-Path ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Artifacts.psd1'))).Path }
