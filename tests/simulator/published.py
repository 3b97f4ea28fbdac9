"""The documents of ION's public pages and programs, for the entities the simulator has.

Left out: those of other entities (issues, files, labels, kits, sessions, webhooks, roles), those
creating parts, locations and orders, and one that contradicts a better source: GetProcedure with ``Int!``.
"""

CLASSIC = {
    "C1 me": "query { me { id name email organization { id domain } } }",
    "C1 permissions": "query { me { id permissionGroups { name } } }",
    "C1 users": """query GetUsers($filters: UserInputFilters, $sort: [UserSortEnum]) {
        users(sort: $sort, filters: $filters) { edges { node { id name organizationId roles { id name } } }
            } }""",
    "C2 parts": """query GetParts($filters: PartsInputFilters, $first: Int) {
        parts(filters: $filters, first: $first) { edges { node {
            id partNumber description thumbnail { s3Key s3Bucket url } fileAttachments { url } quantity } }
                } }""",
    "C2 search": """query SearchParts($q: String!, $first: Int) {
        parts(filters: { partNumber: { ilike: $q } }, first: $first) { edges { node {
            id partNumber description revision partType status partSubtypes { id name } } } } }""",
    "C2 number and revision": """query GetPartByNumberAndRevision(
            $first: Int, $after: String, $partNumber: String!, $revision: String!) {
        parts(filters: { partNumber: {ilike: $partNumber}, revision: {ilike: $revision} }, first: $first,
            after: $after) {
            edges { node { id partNumber revision partType trackingType description maintenanceIntervalSeconds
                attributes { key value Etag } _etag } } pageInfo { hasNextPage endCursor } } }""",
    "C2 first parts": """query {
        parts(filters: {}, first: 5) { edges { node { id partNumber description } } } }""",
    "C2 part": "query GetPart { part(id: 1) { id partNumber description quantity } }",
    "C4 by serial": """query GetInventoryBySerial($first: Int, $after: String, $serialNumber: String!) {
        partInventories(filters: { serialNumber: {eq: $serialNumber} }, first: $first, after: $after) {
            edges { node {
            id serialNumber _etag status unavailable lastMaintainedDate location { id name } attributes {
                key value Etag }
            part { id partNumber revision partType trackingType description maintenanceIntervalSeconds
                attributes { key value Etag } _etag }
            abomInstallations { id buildRequirement { id } } } } pageInfo { hasNextPage endCursor } } }""",
    "C4 narrowed": """query ($serialNumber: String!, $partNumber: String!) {
        partInventories(filters: { serialNumber: {eq: $serialNumber}, part: { partNumber: {ilike:
            $partNumber} } }) {
            edges { node { id } } } }""",
    "C4 tools": """query {
        partInventories(filters: { part: { partType: {eq: TOOL} } }) { edges { node { id } } } }""",
    "C5 by id": """query PartInventory($id: ID!) {
        partInventory(id: $id) { _etag id quantity status part { description partNumber revision }
            abomItems { id _etag quantity } } }""",
    "C5 installation": """query GetInstallationDetails($id: ID!) {
        partInventory(id: $id) { id installed abomInstallations { id buildRequirement { id } } } }""",
    "C6 at a place": """query getPartInventories($filters: PartInventoriesInputFilters) {
        partInventories(filters: $filters) { edges { node {
            id partId quantityAvailable quantity part { partNumber description revision } } } } }""",
    "C6 sorted": """query PartInventories($filters: PartInventoriesInputFilters, $sort:
        [PartInventorySortEnum]) {
        partInventories(sort: $sort, filters: $filters) { edges { node {
            id cost quantity usageType part { partNumber } location { id } } } } }""",
    "C6 create": """mutation CreatePartInventory($input: CreatePartInventoryInput!) {
        createPartInventory(input: $input) { partInventory { id _etag lotNumber serialNumber part {
            partNumber } } } }""",
    "C6 create (manual)": """mutation CreatePartInventory($input: CreatePartInventoryInput!) {
        createPartInventory(input: $input) { partInventory {
            id quantity cost usageType createdById trackingType locationId supplierId _etag } } }""",
    "C7 update": """mutation UpdatePartInventory($input: UpdatePartInventoryInput!) {
        updatePartInventory(input: $input) {
            partInventory { _etag id part { description partNumber revision } quantity } } }""",
    "C7 delete": """mutation DeleteInventory($id: ID!, $etag: String!) {
        deletePartInventory(id: $id, etag: $etag) { id } }""",
    "C8 locations": """query GetLocations($filters: LocationsInputFilters, $sort: [LocationSortEnum]) {
        locations(sort: $sort, filters: $filters) { edges { node { id name } } } }""",
    "C8 location": "query GetLocation($id: ID!) { location(id: $id) { id name entityId } }",
    "C8 units": """query UnitsOfMeasurements(
            $filters: UnitsOfMeasurementInputFilters, $sort: [UnitOfMeasurementSortEnum]) {
        unitsOfMeasurement(sort: $sort, filters: $filters) { edges { node { id type } } } }""",
    "C8 suppliers": """query GetSupplierAttributes($supplierFilters: SuppliersInputFilters, $first: Int,
        $after: String) {
        suppliers(filters: $supplierFilters, first: $first, after: $after) {
            edges { node { id name Attributes { key value type } } } pageInfo { hasNextPage endCursor } }
                }""",
    "C10 aBOM": """query GetInventories($after: String) { partInventories(first: 50, after: $after) { edges
        { node {
            part { partNumber description } serialNumber lotNumber
            buildRequirements { abomInstallations { quantity
                partInventory { part { partNumber description } serialNumber lotNumber } } }
        } } pageInfo { endCursor hasNextPage } } }""",
    "C11 orders": """query PurchaseOrders($filterss: PurchaseOrdersInputFilters) {
        purchaseOrders(filters: $filterss) { edges { node {
            id _etag status approvals { id } fees { id } approvalRequests { id } } } } }""",
    "C11 lines": """query PurchaseOrderLines($filterss: PurchaseOrderLinesInputFilters) {
        purchaseOrderLines(filters: $filterss) { edges { node { id _etag
            partInventories { installed kitted received id abomChildren { id partInventoryId } }
            purchaseOrder { id _etag status } } } } }""",
    "C11 line": "query PurchaseOrderLine($id: ID!) { purchaseOrderLine(id: $id) { _etag } }",
    "C11 receipts": """query receipts($filters: ReceiptsInputFilters) {
        receipts(filters: $filters) { edges { node {
            id _etag purchaseOrderLines { id purchaseOrder { id } partInventories { installed } } } } } }""",
    "C11 update order": """mutation UpdatePurchaseOrder($input: UpdatePurchaseOrderInput!) {
        updatePurchaseOrder(input: $input) { purchaseOrder { id } } }""",
    "C11 delete receipt": """mutation deleteReceipt($id: ID!, $etag: String!) {
        deleteReceipt(id: $id, etag: $etag) { id } }""",
    "C11 rule on a line": """query ($id: ID!) { purchaseOrderLine(id: $id) { id needDate description
        purchaseOrder { estimatedTotalCost approvalRequests { reviewer { name roles { name } } }
            approvals { reviewer { name roles { name } } } } } }""",
    "C11 rule on an item": """query ($id: ID!) { receiptItem(id: $id) { id
        partInventory { serialNumber lotNumber locationId part { id trackingType } } } }""",
    "C13 create run": """mutation CreateRun($input: CreateRunInput!) {
        createRun(input: $input) { run { id title procedureId partInventoryId } } }""",
    "C14 runs": """query GetRuns($filters: RunsInputFilters, $sort: [RunSortEnum]) {
        runs(sort: $sort, filters: $filters) { edges { node { id title procedureId } } } }""",
    "C14 open runs": """query OpenRuns {
        runs(filters: { status: { in: ["TODO", "IN_PROGRESS"] } }, first: 100) { edges { node {
            id title status procedure { id title } partInventory { id serialNumber part { partNumber } } }
                } } }""",
    "C14 history": """query RunHistory($partInventoryId: Int!) {
        runs(filters: { partInventoryId: { eq: $partInventoryId } } first: 50) {
            edges { node { id title status _created } } } }""",
    "C14 run": "query GetRun($id: ID!) { run(id: $id) { id steps { id position entityId } } }",
    "C14 steps": "query { run(id: 372) { steps { id status _etag } } }",
    "C14 fields": "query { run(id: 419) { id steps { id fields { id name value _etag } } } }",
    "C15 step": """mutation UpdateRunStep($input: UpdateRunStepInput!) {
        updateRunStep(input: $input) { runStep { id status title _etag content } } }""",
    "C15 redline": """mutation UpdateRunStep($input: UpdateRunStepInput!) {
        updateRunStep(input: $input) { runStep { id status title _etag content redlines { diff id } } } }""",
    "C16 field": """mutation UpdateRunStepFieldValue($input: UpdateRunStepFieldValueInput!) {
        updateRunStepFieldValue(input: $input) { runStepField { id name type value _etag } } }""",
    "C16 archive": """mutation archive($inputs: ArchiveRunInput!) {
        archiveRun(input: $inputs) { run { id title status } } }""",
    "C20 create pattern": """mutation CreateBarcodePattern($input: CreateBarcodePatternInput!) {
        createBarcodePattern(input: $input) { barcodePattern { id _etag entityType expression } } }""",
    "C20 patterns": "{ barcodePatterns { edges { node { expression } } } }",
    "8.10 procedures": """query GetProcedures($filters: ProceduresInputFilters) {
        procedures(filters: $filters) { edges { node { id title } } } }""",
    "8.10 procedure": """query GetProcedure($id: ID!) {
        procedure(id: $id) { id title steps { id title fields { id } } } }""",
}

DOCUMENTED_MUTATIONS = {
    "A1 me": "query Me { currentUser { id name email organization { id domain } } }",
    "A3 receive": """mutation ReceivePO($input: ReceivePurchaseOrderLineInput!) {
        receivePurchaseOrderLine(input: $input) { purchaseOrderLineItem { id receivedQuantity }
            partInventories { id serialNumber lotNumber quantity location { id name } } } }""",
    "A4 run": """mutation UpdateRunStatus($input: RunUpdateInput!) {
        updateRun(input: $input) { run { id status startedAt completedAt } } }""",
    "A7 adjust": """mutation AdjustInventory($input: InventoryAdjustmentInput!) {
        adjustInventory(input: $input) { partInventory { id quantity state location { id name } } } }""",
}

DOCUMENTED = DOCUMENTED_MUTATIONS | {
    "A2 create run": """mutation CreateRun($input: RunCreateInput!) { createRun(input: $input) {
        run { id title status procedure { id title } partInventory { id serialNumber } } } }""",
    "A5 serialized": """query SerializedUnits($partId: Int!) {
        partInventories(filters: { partId: { eq: $partId }, hasSerial: true }, limit: 250) {
            id serialNumber state parentPartInventory { id serialNumber } location { id name } } }""",
    "A5 lots (composed)": """query Lots($partId: Int!) {
        partInventories(filters: { partId: { eq: $partId } }, limit: 250) {
            id lotNumber quantity location { id name } } }""",
    "A6 tree": """query AbomTree($id: Int!) {
        partInventory(id: $id) { id serialNumber part { partNumber } buildRequirements { id part {
            partNumber } quantity
            installations { id installedPartInventory { id serialNumber part { partNumber } } } } } }""",
    "A6 compare": """query CompareAboms($idA: Int!, $idB: Int!) {
        a: partInventory(id: $idA) { id serialNumber buildRequirements { id part { partNumber } quantity } }
        b: partInventory(id: $idB) { id serialNumber buildRequirements { id part { partNumber } quantity }
            } }""",
    "A8 entity": "query GetRunStepEntity($runStepId: Int!) { runStep(id: $runStepId) { id entity { id } } }",
    "A9 part": "query GetPart { part(id: 42) { id partNumber } }",
    "A9 parts": "query Parts { parts(filters: {}) { id partNumber description revision } }",
}

INTROSPECTION = """query ClientIntrospection { __schema { queryType { name } mutationType { name } types {
    name kind
    fields(includeDeprecated: true) { name isDeprecated args { name type { ...T } } type { ...T } }
    inputFields { name type { ...T } } enumValues(includeDeprecated: true) { name } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }"""
