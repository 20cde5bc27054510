BeforeAll {
    . $PSScriptRoot/TestSetup.ps1

    # Returns the data that a page's script reads.
    function Get-ReportData([string] $Path) {
        $page = Get-Content -LiteralPath $Path -Raw -Encoding utf8
        ($page -split 'id="data">' -split '</script>')[1] | ConvertFrom-Json
    }
}
AfterAll { Restore-Environment }

Describe 'Export-ArtifactReport' {
    BeforeAll {
        $null = New-TestVersion mnist @{ 'labels.csv' = '0,1'; 'raw/größe [1].txt' = 'x' } @{ Tag = 'raw' }
        $null = New-TestVersion mnist @{ 'labels.csv' = '0,1,2'; 'new.txt' = 'new' } @{ Alias = 'prod' }
        $null = New-TestVersion net @{ 'weights.bin' = 'w' }
    }

    BeforeEach { $page = Join-Path $TestDrive "$([guid]::NewGuid()).html" }

    It 'contains versions, aliases, tags and changes' {
        Export-ArtifactReport mnist $page
        $artifact = (Get-ReportData $page).artifacts

        $artifact.name | Should -Be mnist
        $artifact.versions.version | Should -Be v0, v1
        $artifact.versions[0].tags | Should -Be raw
        $artifact.versions[1].aliases | Should -Be latest, prod
        $artifact.versions[1].digest | Should -Be (Get-Artifact mnist).Digest
        $artifact.versions[1].change.added.entries | Should -Be 1
        $artifact.versions[1].change.modified.entries | Should -Be 1
        $artifact.versions[1].change.removed.entries | Should -Be 1
    }

    It 'lists the entries of the latest version' {
        Export-ArtifactReport mnist $page

        (Get-ReportData $page).artifacts.listing.entries.path | Should -Be 'labels.csv', 'new.txt'
    }

    It 'includes artifacts named by <Arguments>' -TestCases @(
        @{ Arguments = @{}; Found = 'mnist', 'net' }
        @{ Arguments = @{ Name = 'n*' }; Found = 'net' }
        @{ Arguments = @{ Name = 'mnist', 'n*' }; Found = 'mnist', 'net' }
        @{ Arguments = @{ Name = 'mnist:v0' }; Found = 'mnist' }
        @{ Arguments = @{ Name = 'no*' }; Found = $null }
    ) {
        Export-ArtifactReport -Path $page @Arguments

        (Get-ReportData $page).artifacts.name | Should -Be $Found
    }

    It 'includes the artifact of piped versions once' {
        Get-Artifact mnist -AllVersions | Export-ArtifactReport -Path $page

        @((Get-ReportData $page).artifacts).Count | Should -Be 1
        (Get-ReportData $page).artifacts.versionCount | Should -Be 2
    }

    It 'outputs the page only with -PassThru' {
        Export-ArtifactReport mnist $page | Should -BeNullOrEmpty
        (Export-ArtifactReport mnist $page -Force -PassThru).FullName | Should -Be $page
    }

    It 'replaces a page only with -Force' {
        Set-Content $page mine
        Assert-Error { Export-ArtifactReport mnist $page } ReportExists ResourceExists $page $page, '-Force'
        Get-Content $page | Should -Be mine
        Export-ArtifactReport mnist $page -Force

        Get-Content $page -TotalCount 1 | Should -BeLike '<!DOCTYPE html>*'
    }

    It 'reports a missing artifact and includes the others' {
        Assert-Error { Export-ArtifactReport none, mnist $page } ArtifactNotFound ObjectNotFound none

        (Get-ReportData $page).artifacts.name | Should -Be mnist
    }

    It 'rejects versions of several stores' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $null = Copy-Artifact net $other
        Assert-Error { (Get-Artifact net), (Get-Artifact net -Store $other) | Export-ArtifactReport -Path $page } ReportOfSeveralStores InvalidArgument

        (Get-ReportData $page).artifacts.versionCount | Should -Be 1
    }

    It 'does not read content' {
        $damaged = (New-ArtifactStore "$TestDrive/damaged").Location
        $null = New-Artifact m dataset -Store $damaged | Add-ArtifactFile (New-TestFile 'content.txt' 'some content') | Publish-Artifact
        Edit-StoredText $damaged 'some content' 'sane content'

        Export-ArtifactReport m $page -Store $damaged -ErrorAction Stop
    }

    It 'rejects a folder as the page' {
        Assert-Error { Export-ArtifactReport mnist "$TestDrive" } FileUnreadable ReadError "$TestDrive" report.html
    }

    It 'leaves no page after a failure' {
        { Export-ArtifactReport none $page -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        $page | Should -Not -Exist
    }

    It 'creates nothing under -WhatIf' {
        Export-ArtifactReport mnist $page -WhatIf

        $page | Should -Not -Exist
    }
}
