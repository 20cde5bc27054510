BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactStore' {
    BeforeAll {
        $team = New-ArtifactStore "$TestDrive/team [1]"
        $null = Register-ArtifactStore team $team.Location
        $null = New-TestVersion one @{ 'a.txt' = 'a' }
        $null = New-TestVersion two @{ 'b.txt' = 'b' }
        $null = New-TestVersion two @{ 'c.txt' = 'c' }
    }

    It 'returns the registered stores and the default' {
        (Get-ArtifactStore).Location | Should -Be $team.Location, $env:ARTIFACTS_STORE
        (Get-ArtifactStore | Where-Object IsDefault).Location | Should -Be $env:ARTIFACTS_STORE
    }

    It 'counts artifacts, objects and bytes' {
        $store = Get-ArtifactStore $env:ARTIFACTS_STORE
        $files = Get-ChildItem $env:ARTIFACTS_STORE -Recurse -File

        $store.Artifacts | Should -Be 2
        $store.Objects | Should -Be @($files | Where-Object FullName -Match '[\\/]objects[\\/]').Count
        $store.Bytes | Should -Be ($files | Measure-Object Length -Sum).Sum
        # Three versions of one file with one byte.
        $store.VersionBytes | Should -Be 3
        $store.Compression | Should -Be Zstandard
    }

    It 'does not count an artifact without versions' {
        New-Artifact gone dataset | Publish-Artifact -AllowEmpty | Remove-Artifact -Confirm:$false

        (Get-ArtifactStore $env:ARTIFACTS_STORE).Artifacts | Should -Be 2
    }

    It 'finds stores by name, wildcard, location and PSDrive path' {
        'team', 'TEAM', 't*', $team.Location | Get-ArtifactStore | ForEach-Object Id | Should -Be (, $team.Id * 4)
        (Get-ArtifactStore TestDrive:/store).Location | Should -Be $env:ARTIFACTS_STORE
    }

    It 'returns nothing for a wildcard without match' {
        Get-ArtifactStore z* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports a location without store and names New-ArtifactStore' {
        { Get-ArtifactStore "$TestDrive/nowhere" -ErrorAction Stop } |
            Should -Throw -ErrorId 'StoreNotFound,*' -ExpectedMessage '*New-ArtifactStore*'
    }

    It 'returns an unreachable registered store with a warning' {
        $null = New-ArtifactStore "$TestDrive/away" | Register-ArtifactStore away
        Move-Item "$TestDrive/away" "$TestDrive/elsewhere"
        $store = Get-ArtifactStore away* -WarningVariable warnings -WarningAction SilentlyContinue

        $store.Name | Should -Be away
        $store.Id | Should -BeNullOrEmpty
        $warnings.Count | Should -Be 1
        $warnings | Should -BeLike '*New-ArtifactStore*'
        Unregister-ArtifactStore away
    }

    It 'rejects a store of a later format' {
        $later = (New-ArtifactStore "$TestDrive/later").Location
        $record = "$later/store.json"
        $body = [IO.File]::ReadAllText($record) -replace '^{"sha256":"[^"]*","body":(.*)}\s*$', '$1' -replace '"format":1', '"format":2'
        $hash = [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($body))
        $digest = [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
        Remove-Item $record -Force
        [IO.File]::WriteAllText($record, "{`"sha256`":`"$digest`",`"body`":$body}`n")

        Assert-Error { Get-Artifact x -Store $later } StoreFormatNotSupported NotImplemented x '2'
    }

    It 'reports a missing store that ARTIFACTS_STORE names' {
        $before = $env:ARTIFACTS_STORE
        $env:ARTIFACTS_STORE = "$TestDrive/nowhere"
        try { Assert-Error { New-Artifact a b } StoreNotFound ObjectNotFound a nowhere, New-ArtifactStore }
        finally { $env:ARTIFACTS_STORE = $before }
    }
}
