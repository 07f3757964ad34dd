using Sailfish.Protocol.Bodies;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>Takes the messages of one bizCode from clients. Registered in the container; one a code.</summary>
internal interface IBizHandler
{
    int BizCode { get; }

    /// <summary>Handles a message within its sender's rate. Answers its sender itself when it refuses.</summary>
    ValueTask HandleAsync(Session session, MessageBody message, CancellationToken cancellationToken);
}
