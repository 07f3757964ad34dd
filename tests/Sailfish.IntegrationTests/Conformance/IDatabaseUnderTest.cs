using Microsoft.AspNetCore.DataProtection.Repositories;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A database of one test's own, new, which keeps what is in it until it is disposed of.</summary>
internal interface IDatabaseUnderTest : IAsyncDisposable
{
    /// <summary>
    /// Opens the stores on it, as a server does that starts. One at a time. What becomes of messages is told to <paramref name="sink"/>.
    /// </summary>
    Task<IStores> OpenAsync(ISubmissionSink sink);
}

/// <summary>
/// The stores of a database, open. Disposed of they are closed, as by a server that stops: what was handed over before is
/// stored and told of.
/// </summary>
internal interface IStores : IAsyncDisposable
{
    IMessageLog Log { get; }

    /// <summary>Reads of what was appended.</summary>
    IMessageHistory History { get; }

    IPositionStore Positions { get; }

    IAccountStore Accounts { get; }

    IUsedIdStore UsedIds { get; }

    IPageSessionStore PageSessions { get; }

    ITagStore Tags { get; }

    IStreamKeyStore StreamKeys { get; }

    IRestrictionStore Restrictions { get; }

    IRevocationStore Revocations { get; }

    ISuspensionStore Suspensions { get; }

    ILivingStore Living { get; }

    /// <summary>Reads of what was written of living rooms.</summary>
    ILivingHistory LivingHistory { get; }

    ICoverStore Covers { get; }

    IAvatarStore Avatars { get; }

    IXmlRepository Keys { get; }

    IRiskRecords Risks { get; }

    IAppStore Apps { get; }

    /// <summary>The node's data folder, which stays when the stores are closed and opened again.</summary>
    string Folder { get; }

    /// <summary>Counts of wrong passwords, which may be forgotten when the stores are closed.</summary>
    ILockout NewLockout(AccountOptions options, TimeProvider time);

    /// <summary>All records that are stored.</summary>
    Task<IReadOnlyList<RiskRecord>> ReadRisksAsync();

    /// <summary>
    /// Holds what writes messages until it is disposed of: what is handed over meanwhile comes into one transaction, of a store
    /// that writes many in one.
    /// </summary>
    IDisposable Hold();
}
