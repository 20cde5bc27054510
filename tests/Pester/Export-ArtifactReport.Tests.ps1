BeforeAll {
    . $PSScriptRoot/TestSetup.ps1

    # What a page says, as its script reads it.
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

    It 'tells versions, aliases, tags and what changed' {
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

    It 'takes all artifacts, and those that a wildcard finds' {
        Export-ArtifactReport -Path $page
        (Get-ReportData $page).artifacts.name | Should -Be mnist, net

        Export-ArtifactReport n* $page -Force
        (Get-ReportData $page).artifacts.name | Should -Be net
    }

    It 'takes versions down the pipeline' {
        Get-Artifact mnist -AllVersions | Export-ArtifactReport -Path $page

        @((Get-ReportData $page).artifacts).Count | Should -Be 1
    }

    It 'writes the page only with -PassThru' {
        Export-ArtifactReport mnist $page | Should -BeNullOrEmpty
        (Export-ArtifactReport mnist $page -Force -PassThru).FullName | Should -Be $page
    }

    It 'replaces a page only with -Force' {
        Export-ArtifactReport mnist $page
        { Export-ArtifactReport mnist $page -ErrorAction Stop } | Should -Throw -ErrorId 'ReportExists,*'
        { Export-ArtifactReport mnist $page -Force -ErrorAction Stop } | Should -Not -Throw
    }

    It 'leaves nothing behind when it fails' {
        { Export-ArtifactReport none $page -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        $page | Should -Not -Exist
    }

    It 'writes nothing under -WhatIf' {
        Export-ArtifactReport mnist $page -WhatIf

        $page | Should -Not -Exist
    }
}
