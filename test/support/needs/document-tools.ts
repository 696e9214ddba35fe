/** What it takes to run and to check the blocks of the documents. Every function says what is missing, if it is. */
import { runs } from './tools.js';

export function missingCurl(): string | undefined {
  return runs('curl', '--version') ? undefined : 'there is no curl here';
}

export function missingPython(): string | undefined {
  return runs('python3', '-c', 'import ast') ? undefined : 'there is no python3 here';
}

export function missingKafkaPython(): string | undefined {
  return runs('python3', '-c', 'import kafka') ? undefined : 'python3 has no package kafka-python here';
}

export function missingPythonCryptography(): string | undefined {
  return runs('python3', '-c', 'import cryptography') ? undefined : 'python3 has no package cryptography here';
}

export function missingOpenApiPythonClient(): string | undefined {
  const isThere = runs('python3', '-c', 'import openapi_python_client');
  return isThere ? undefined : 'python3 has no package openapi-python-client here';
}

export function missingPythonWebsockets(): string | undefined {
  const isThere = runs('python3', '-c', 'import websockets.sync.client');
  return isThere ? undefined : 'python3 has no package websockets here';
}

export function missingNginx(): string | undefined {
  return runs('nginx', '-v') ? undefined : 'there is no nginx here';
}

export function missingCaddy(): string | undefined {
  return runs('caddy', 'version') ? undefined : 'there is no caddy here';
}
