BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Optimize-ArtifactStore' {
    BeforeEach {
        $store = (New-ArtifactStore "$TestDrive/store [$([IO.Path]::GetRandomFileName())]").Location
        $PSDefaultParameterValues['*-Artifact*:Store'] = $store
        $null = New-TestVersion model @{ 'a.txt' = 'first' }
        $null = New-TestVersion model @{ 'a.txt' = 'second' }

        function Get-Object { Get-ChildItem -LiteralPath "$store/objects" -Recurse -File }
        function Get-Trash { Get-ChildItem -LiteralPath $store -Filter trash | Get-ChildItem -Recurse -File }
        function Set-ObjectAge([int] $Days) {
            foreach ($object in @(Get-Object) + @(Get-Trash)) {
                $object.IsReadOnly = $false
                $object.LastWriteTimeUtc = [DateTime]::UtcNow.AddDays(-$Days)
            }
        }
    }

    BeforeAll {
        # Rewrites the log of 'model', so that its versions expire at another time.
        function Set-Expiry([string] $Time) {
            $previous = $null
            foreach ($file in Get-ChildItem -LiteralPath "$store/artifacts/model/log" -File | Sort-Object Name) {
                $text = [IO.File]::ReadAllText($file.FullName)
                $body = $text.Substring(84, $text.Length - 86) -replace '"expires":"[^"]*"', "`"expires`":`"$Time`""
                if ($previous) { $body = $body -replace '"previous":"[^"]*"', "`"previous`":`"$previous`"" }
                $hash = [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($body))
                $previous = [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
                Remove-Item -LiteralPath $file.FullName -Force
                [IO.File]::WriteAllText($file.FullName, "{`"sha256`":`"$previous`",`"body`":$body}`n")
            }
        }
    }
    AfterEach { $PSDefaultParameterValues.Remove('*-Artifact*:Store') }

    It 'keeps needed and recent objects' {
        Set-ObjectAge 2
        Optimize-ArtifactStore | Should -BeNullOrEmpty
        Set-ObjectAge 0
        Remove-Artifact model:v0 -Confirm:$false
        Optimize-ArtifactStore | Should -BeNullOrEmpty
    }

    It 'moves unneeded objects to the trash, then deletes them' {
        Set-ObjectAge 2
        Remove-Artifact model:v0 -Confirm:$false

        $unneeded = Get-Object | Where-Object { [IO.File]::ReadAllText($_.FullName).Contains('first') }
        $length = $unneeded.Length
        $cleanup = Optimize-ArtifactStore $store

        $cleanup.Kind | Should -Be Objects
        $cleanup.Count | Should -Be 1
        $cleanup.Bytes | Should -Be $length
        $cleanup.Items | Should -BeLike "*$($unneeded.Name)"
        $cleanup.Store | Should -Be $store
        @(Get-Object).Count | Should -Be 1
        (Get-Trash).Name | Should -Contain $unneeded.Name
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
        Optimize-ArtifactStore | Should -BeNullOrEmpty

        Set-ObjectAge 2
        $cleanup = Optimize-ArtifactStore
        $cleanup.Kind | Should -Be CondemnedObjects
        $cleanup.Count | Should -Be 1
        $cleanup.Bytes | Should -Be $length
        Get-Trash | Should -BeNullOrEmpty
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
        Optimize-ArtifactStore | Should -BeNullOrEmpty
    }

    It 'moves and deletes at once without a grace period' {
        Remove-Artifact model:v0 -Confirm:$false
        $cleanup = Optimize-ArtifactStore -GracePeriod 0:00 -WarningVariable warnings

        $cleanup.Kind | Should -Be Objects, CondemnedObjects
        $cleanup.ForEach('Count') | Should -Be 1, 1
        $warnings | Should -BeNullOrEmpty
        Get-Trash | Should -BeNullOrEmpty
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
    }

    It 'moves content back that is published again' {
        $null = New-TestVersion model @{ 'a.txt' = 'third' }
        Remove-Artifact model:v0 -Confirm:$false
        Set-ObjectAge 2
        $draft = New-ArtifactDraft model:v1
        Remove-Artifact model:v1 -Confirm:$false
        Set-ObjectAge 2
        $null = Optimize-ArtifactStore
        $null = $draft | Publish-Artifact

        Get-ArtifactContent model a.txt | Should -Be second
        Set-ObjectAge 2
        $null = Optimize-ArtifactStore
        Get-ArtifactContent model a.txt | Should -Be second
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
    }

    It 'cleans up a store without its artifacts only with -Force' {
        Set-ObjectAge 2
        Remove-Item -LiteralPath "$store/artifacts" -Recurse -Force
        Assert-Error { Optimize-ArtifactStore } CleanupRefused InvalidOperation $store 'Test-ArtifactStore', '-Force'
        @(Get-Object).Count | Should -Be 2

        (Optimize-ArtifactStore -Force).Count | Should -Be 2
        Get-Object | Should -BeNullOrEmpty
    }

    It 'rejects a negative grace period' {
        Assert-Error { Optimize-ArtifactStore -GracePeriod -1:00 } InvalidGracePeriod InvalidArgument $store '1.00:00:00'
    }

    It 'deletes expired versions without alias' {
        $null = New-TestVersion model @{ 'a.txt' = 'third' }
        Get-Artifact model -AllVersions | Set-Artifact -ExpiresAfter 0:01
        Set-ArtifactAlias model:v1 prod
        Optimize-ArtifactStore | Should -BeNullOrEmpty
        Set-Expiry 2020-01-01T00:00:00.000Z

        (Optimize-ArtifactStore).Items | Should -Be model:v0, model:v2
        (Get-Artifact model -AllVersions).Reference | Should -Be model:v1
    }

    It 'displays its output as a table' {
        Set-ObjectAge 2
        Remove-Artifact model:v0 -Confirm:$false

        Optimize-ArtifactStore | Out-String -Width 200 | Should -Match 'Objects +1 +[0-9.]+ K?i?B'
    }

    It 'applies -GracePeriod' {
        Set-ObjectAge 2
        Remove-Artifact model:v0 -Confirm:$false
        Optimize-ArtifactStore -GracePeriod 3.00:00 | Should -BeNullOrEmpty
        (Optimize-ArtifactStore -GracePeriod 1.00:00).Count | Should -Be 1
    }

    It 'deletes nothing under -WhatIf' {
        Set-ObjectAge 2
        Remove-Artifact model:v0 -Confirm:$false
        Optimize-ArtifactStore -WhatIf | Should -BeNullOrEmpty
        @(Get-Object).Count | Should -Be 2
    }

    It 'stores needed parts of a pack again with -Repack' {
        $null = New-TestVersion packed @{ 'big.txt' = 'x' * 9000; 'small.txt' = 'small' }
        $null = New-ArtifactDraft packed | Remove-ArtifactEntry big.txt | Publish-Artifact
        Remove-Artifact packed:v0 -Confirm:$false
        (Optimize-ArtifactStore -Repack).Kind | Should -Be RewrittenPacks
        Get-ArtifactContent packed small.txt | Should -Be small
        (Get-ArtifactHistory packed).Actions | Should -Contain 'relocated v1'
        Test-ArtifactStore -Full -Quiet | Should -BeTrue
        Set-ObjectAge 2
        $null = Optimize-ArtifactStore
        Set-ObjectAge 2
        $null = Optimize-ArtifactStore

        @(Get-Object) + @(Get-Trash) | Where-Object { [IO.File]::ReadAllText($_.FullName).Contains('xxxxxxxx') } | Should -BeNullOrEmpty
        Get-ArtifactContent packed small.txt | Should -Be small
    }

    It 'rejects a damaged store and deletes nothing' {
        Set-ObjectAge 2
        Remove-Artifact model:v0 -Confirm:$false
        Remove-Item -LiteralPath "$store/artifacts/model/log/000000000001.json" -Force
        $before = Get-StoreKey $store
        Assert-Error { Optimize-ArtifactStore } StoreDamaged InvalidData $store Test-ArtifactStore

        Get-StoreKey $store | Should -Be $before
    }
}
